import { useMemo, type ReactElement } from 'react';
import { Link } from 'wouter';
import type { Task } from '@krateyard/tasks/task';
import { useStore } from '@krateyard/ui/live/use-store';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { ActionButton } from '@krateyard/ui/parts/action-button.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { Status, StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import { refusalOf } from '@krateyard/ui/rights/refusal-of';
import { useRights } from '@krateyard/ui/rights/use-rights';
import { tasks } from '@krateyard/ui/tasks/task-store';
import { formatQuantity } from '@krateyard/ui/words/quantity';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import type { RestoreInfo, SnapshotInfo, VmInfo } from '../../contract/vm-api.ts';
import type { MachinesView } from '../live/machine-state.ts';
import { vmHref } from '../vm-address.ts';
import { openDeleteSnapshot } from './delete-snapshot.tsx';
import { openRestoreDialog } from './restore-dialog.tsx';
import { snapshotStrings as strings } from './snapshot-strings.ts';
import { momentsOf, ofMachine, restoringTasks } from './snapshot-times.ts';
import { openSnapshotDialog, SNAPSHOT_RIGHT } from './take-snapshot.tsx';
import './snapshots.css';

/** The machine's snapshots and restores on a line of time, and what can be done with them. */
export function SnapshotsTab(props: {
  readonly namespace: string;
  readonly name: string;
  /** Undefined: it is gone, its snapshots are not. */
  readonly vm: VmInfo | undefined;
  readonly view: MachinesView;
}): ReactElement {
  const { namespace, name, vm, view } = props;
  const snapshots = useMemo(() => ofMachine(view, namespace, name), [view, namespace, name]);
  const moments = useMemo(
    () => momentsOf(snapshots, view.restores.values(), namespace, name),
    [snapshots, view.restores, namespace, name],
  );
  const under = restoringTasks(useStore(tasks).tasks, namespace, name);
  const [take, restore, remove] = useRights(
    useMemo(
      () => [
        { ...SNAPSHOT_RIGHT, namespace },
        { ...SNAPSHOT_RIGHT, resource: 'virtualmachinerestores', namespace },
        { ...SNAPSHOT_RIGHT, verb: 'delete', namespace },
      ],
      [namespace],
    ),
  );
  const taken = useMemo(
    () =>
      new Set(
        Array.from(view.machines.values())
          .filter((one) => one.namespace === namespace)
          .map((one) => one.name),
      ),
    [view.machines, namespace],
  );
  if (view.dark.snapshot !== undefined) {
    return (
      <Notice icon="camera" title={strings.darkTitle}>
        <p>{strings.dark}</p>
        <p className="absent">{view.dark.snapshot}</p>
      </Notice>
    );
  }
  const takeButton = vm && (
    <ActionButton
      icon="camera"
      label={strings.take}
      disabled={refusalOf(take)}
      run={() => openSnapshotDialog(vm)}
    />
  );
  if (moments.length === 0 && under.length === 0) {
    return (
      <Notice icon="camera" title={strings.emptyTitle} actions={takeButton}>
        <p>{strings.empty}</p>
      </Notice>
    );
  }
  return (
    <div className="snapshots">
      <div className="snapshots-top">{takeButton}</div>
      {under.map((task) => (
        <UnderWay key={task.id} task={task} />
      ))}
      <ol className="snapshot-line" aria-label={strings.line}>
        {moments.map((moment) =>
          moment.kind === 'restore' ? (
            <RestoreMoment key={moment.key} restore={moment.restore} of={name} />
          ) : (
            <SnapshotMoment
              key={moment.key}
              snapshot={moment.snapshot}
              vm={vm}
              taken={taken}
              restore={refusalOf(restore)}
              remove={refusalOf(remove)}
            />
          ),
        )}
      </ol>
    </div>
  );
}

const WORDS: Readonly<Record<string, StatusWord>> = {
  Succeeded: 'Running',
  Failed: 'Failed',
  Deleting: 'Pending',
  InProgress: 'Pending',
  Pending: 'Pending',
};

function SnapshotMoment(props: {
  readonly snapshot: SnapshotInfo;
  readonly vm: VmInfo | undefined;
  readonly taken: ReadonlySet<string>;
  readonly restore: string | undefined;
  readonly remove: string | undefined;
}): ReactElement {
  const { snapshot, vm, taken, restore, remove } = props;
  const { name, status, createdAt, ready, reason, size, includedVolumes, excludedVolumes } = snapshot;
  const word = ready ? 'Running' : (WORDS[status] ?? 'Unknown');
  return (
    <li className="snapshot-moment" data-status={status}>
      <StatusMark word={word} />
      <div className="snapshot-words">
        <p className="snapshot-name">
          <b dir="auto">{name}</b>
          <span>{ready ? strings.statuses['Succeeded'] : (strings.statuses[status] ?? status)}</span>
          {includedVolumes.length > 0 && size !== '' && <span>{strings.size(formatQuantity(size))}</span>}
        </p>
        <When at={createdAt} />
        <p className="absent">
          {includedVolumes.length > 0 ? strings.volumes(includedVolumes) : ready && strings.noVolumes}
          {excludedVolumes.length > 0 && ` · ${strings.without(excludedVolumes)}`}
        </p>
        {snapshot.indications.length > 0 && (
          <ul className="snapshot-indications">
            {snapshot.indications.map(({ indication, message }) => (
              <li key={indication} title={message} className="chip">
                {strings.indications[indication] ?? indication}
              </li>
            ))}
          </ul>
        )}
        {reason !== '' && !ready && <p dir="auto">{reason}</p>}
      </div>
      <div className="snapshot-actions">
        <ActionButton
          icon="history"
          label={strings.restore}
          name={`${strings.restore} ${name}`}
          disabled={ready ? restore : strings.notReady}
          run={() => openRestoreDialog({ snapshot, vm, taken })}
        />
        <ActionButton
          icon="trash"
          label={strings.remove}
          name={`${strings.remove} ${name}`}
          disabled={remove}
          run={() => openDeleteSnapshot(snapshot)}
        />
      </div>
    </li>
  );
}

function When({ at }: { readonly at: number }): ReactElement {
  return (
    <p className="absent">
      <Time iso={new Date(at).toISOString()} /> (<Age at={at} />)
    </p>
  );
}

function RestoreMoment({
  restore,
  of,
}: {
  readonly restore: RestoreInfo;
  readonly of: string;
}): ReactElement {
  const { vmName, namespace, snapshotName, complete, reason, createdAt, restoredAt } = restore;
  return (
    <li className="snapshot-moment snapshot-restore" data-status={complete ? 'Succeeded' : 'InProgress'}>
      <StatusMark word={complete ? 'Running' : 'Pending'} />
      <div className="snapshot-words">
        <p className="snapshot-name">
          <span>
            {vmName === of ? (
              (complete ? strings.restoredInto : strings.restoring)(vmName)
            ) : (
              <Link href={vmHref(namespace, vmName)} className="object-link">
                {(complete ? strings.restoredInto : strings.restoring)(vmName)}
              </Link>
            )}{' '}
            {strings.from(snapshotName)}
          </span>
        </p>
        <When at={restoredAt ?? createdAt} />
        {!complete && reason !== '' && <p dir="auto">{reason}</p>}
      </div>
    </li>
  );
}

/** A restore that was asked for and is followed to its end. */
function UnderWay({ task }: { readonly task: Task }): ReactElement {
  const done = task.steps.filter(({ state }) => state === 'done').length;
  const running = task.steps.find(({ state }) => state === 'running');
  return (
    <div className="snapshot-under-way" role="status">
      <Status word="Pending" text={strings.underWay} />
      <span className="snapshot-under-way-words">
        <b>{running?.title ?? task.title}</b> {task.message}
      </span>
      {task.steps.length > 1 && <span>{strings.steps(done, task.steps.length)}</span>}
      <progress aria-hidden="true" max={Math.max(1, task.steps.length)} value={done} />
    </div>
  );
}
