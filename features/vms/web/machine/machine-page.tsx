import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { Link, useLocation, useParams, useSearch } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { objectHref } from '@krateyard/ui/page/object-href';
import type { Truth } from '@krateyard/ui/live/truth';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Freshness } from '@krateyard/ui/parts/freshness.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import { Tabs } from '@krateyard/ui/parts/tabs.tsx';
import type { VmInfo } from '../../contract/vm-api.ts';
import { useMachineKeys } from '../actions/use-machine-keys.ts';
import { MachinesRefused } from '../list/list-state.tsx';
import type { MachinesView } from '../live/machine-state.ts';
import { useMachines, type UsedMachines } from '../live/use-machines.ts';
import { machineWord, shortReason } from '../machine-why.ts';
import { ofMachine } from '../snapshots/snapshot-times.ts';
import { SnapshotsTab } from '../snapshots/snapshots-tab.tsx';
import { formatVmsUrl, MACHINE_TABS, vmHref, VMS_ROOT, type MachineTab } from '../vm-address.ts';
import { vmStrings } from '../vm-strings.ts';
import { ConditionList } from './condition-list.tsx';
import { EventList } from './event-list.tsx';
import { MachineActionBar } from './machine-action-bar.tsx';
import { MachineOverview } from './machine-overview.tsx';
import { useConditions, useMachineEvents } from './use-machine-parts.ts';
import '@krateyard/ui/page/detail-page.css';
import '@krateyard/ui/parts/facts.css';
import '../vms.css';

const strings = vmStrings.machine;

/** One machine, live, on a page of its own; its address restores what shows. */
export function MachinePage(): ReactElement {
  const { namespace, name } = useParams<{ namespace: string; name: string }>();
  return <OneMachine key={`${namespace}/${name}`} namespace={namespace} name={name} />;
}

function OneMachine({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): ReactElement {
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('tab');
  const tab = MACHINE_TABS.find((one) => one === asked) ?? 'overview';
  const goTab = (next: MachineTab): void => navigate(vmHref(namespace, name, next), { replace: true });
  const machines = useMachines(useMemo(() => [namespace], [namespace]));
  const { view, truth, retry } = machines;
  const now = view.machines.get(`${namespace}/${name}`);
  const { vm, gone } = useLast(now, view, truth);
  usePageKeys(namespace, goTab);
  useMachineKeys(() => (vm && !gone ? [vm] : []));
  useEffect(() => {
    document.title = vmStrings.title(name);
  }, [name]);
  const snapshots = useMemo(() => ofMachine(view, namespace, name), [view, namespace, name]);
  const absent = !vm && snapshots.length === 0 && truth.state !== 'loading';
  const title = (id: MachineTab): string =>
    id === 'snapshots' && snapshots.length > 0
      ? strings.countedTab(strings.tabs[id], snapshots.length)
      : strings.tabs[id];
  return (
    <article className="object-page" aria-label={strings.pageOf(name)}>
      <MachineHeader namespace={namespace} name={name} vm={vm} truth={truth} gone={gone} />
      {!absent && (
        <Tabs
          label={strings.details}
          tabs={MACHINE_TABS.map((id) => ({ id, title: title(id) }))}
          tab={tab}
          onTab={goTab}
        />
      )}
      <StaleBand truth={truth} onRetry={retry} />
      <div
        className="object-body"
        {...(!absent && { role: 'tabpanel', tabIndex: 0, 'aria-label': strings.tabs[tab] })}
      >
        {gone && <p className="gone-line">{strings.gone}</p>}
        {tab === 'snapshots' && (vm || snapshots.length > 0) ? (
          <SnapshotsTab namespace={namespace} name={name} vm={gone ? undefined : vm} view={view} />
        ) : vm ? (
          <MachineBody vm={vm} tab={tab} onTab={goTab} />
        ) : (
          <Absent namespace={namespace} name={name} machines={machines} />
        )}
      </div>
    </article>
  );
}

/** What it last was, once it is gone; nothing when the right to see it is. */
function useLast(
  now: VmInfo | undefined,
  view: MachinesView,
  truth: Truth,
): { readonly vm: VmInfo | undefined; readonly gone: boolean } {
  const [last, setLast] = useState(now);
  const lost = truth.state === 'lost' || truth.state === 'failed';
  if (lost ? last !== undefined : now !== undefined && now !== last) setLast(lost ? undefined : now);
  return { vm: now ?? (lost ? undefined : last), gone: !now && last !== undefined && view.phase === 'ready' };
}

function MachineBody(props: {
  readonly vm: VmInfo;
  readonly tab: MachineTab;
  readonly onTab: (tab: MachineTab) => void;
}): ReactElement {
  const { vm, tab, onTab } = props;
  const conditions = useConditions(vm);
  const events = useMachineEvents(vm);
  if (tab === 'conditions') return <ConditionList conditions={conditions} />;
  if (tab === 'events')
    return events.length > 0 ? (
      <EventList events={events} />
    ) : (
      <Notice icon="search" title={strings.noEvents}>
        <p>{strings.noEventsHint}</p>
      </Notice>
    );
  return <MachineOverview vm={vm} conditions={conditions} events={events} onEvents={() => onTab('events')} />;
}

function MachineHeader(props: {
  readonly namespace: string;
  readonly name: string;
  readonly vm: VmInfo | undefined;
  readonly truth: Truth;
  readonly gone: boolean;
}): ReactElement {
  const { namespace, name, vm, truth, gone } = props;
  const reason = vm && shortReason(vm);
  return (
    <header className="object-head">
      <div className="object-place">
        <Link href={VMS_ROOT}>{vmStrings.room}</Link>
        <span aria-hidden="true">/</span>
        <Link href={formatVmsUrl({ namespaces: [namespace], filter: '', sort: undefined })} dir="auto">
          {namespace}
        </Link>
      </div>
      <div className="object-title">
        <h1 dir="auto">{name}</h1>
      </div>
      <div className="object-facts">
        {vm && !gone && (
          <>
            <Status word={machineWord(vm)} text={vm.status} />
            {reason && <span>{reason}</span>}
            {vm.startedAt !== undefined && (
              <span>
                {strings.up} <Age at={vm.startedAt} />
              </span>
            )}
            {vm.nodeName !== '' && (
              <span>
                {strings.on}{' '}
                <Link href={objectHref('v1/nodes', undefined, vm.nodeName)} className="object-link">
                  {vm.nodeName}
                </Link>
              </span>
            )}
            {vm.ipAddress !== '' && <span className="mono">{vm.ipAddress}</span>}
          </>
        )}
        <Freshness truth={truth} />
      </div>
      <div className="object-actions">{vm && !gone && <MachineActionBar vm={vm} />}</div>
    </header>
  );
}

/** There is nothing to show: it may not be seen, or is not there. */
function Absent(props: {
  readonly namespace: string;
  readonly name: string;
  readonly machines: UsedMachines;
}): ReactElement | null {
  const { namespace, name, machines } = props;
  const { truth, retry } = machines;
  if (truth.state === 'loading') return null;
  if ('status' in truth) return <MachinesRefused status={truth.status} onRetry={retry} />;
  return (
    <Notice
      icon="search"
      title={strings.missing(name)}
      actions={
        <>
          <Link
            href={formatVmsUrl({ namespaces: [namespace], filter: '', sort: undefined })}
            className="object-link"
          >
            {strings.machinesOf(namespace)}
          </Link>
          <Link href={VMS_ROOT} className="object-link">
            {strings.allMachines}
          </Link>
        </>
      }
    >
      <p>{strings.missingHint}</p>
    </Notice>
  );
}

function usePageKeys(namespace: string, goTab: (tab: MachineTab) => void): void {
  const [, navigate] = useLocation();
  useKeys([
    ...MACHINE_TABS.map((id, index) => ({
      keys: String(index + 1),
      label: strings.tabs[id],
      group: vmStrings.keys,
      run: () => goTab(id),
    })),
    {
      keys: 'Escape',
      label: strings.back,
      group: vmStrings.keys,
      run: () => navigate(formatVmsUrl({ namespaces: [namespace], filter: '', sort: undefined })),
    },
  ]);
}
