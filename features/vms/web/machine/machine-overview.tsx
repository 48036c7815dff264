import { lazy, Suspense, type ReactElement } from 'react';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import { Chips, Fact, Facts, MiniTable, ObjectLink, Section, When } from '@krateyard/ui/parts/facts.tsx';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { formatQuantity } from '@krateyard/ui/words/quantity';
import type { VmDisk, VmInfo, VmNetwork } from '../../contract/vm-api.ts';
import type { ConditionLine } from '../machine-why.ts';
import { MACHINE_KIND } from '../vm-address.ts';
import { vmStrings } from '../vm-strings.ts';
import { EventList } from './event-list.tsx';
import { INSTANCE_KIND } from './use-machine-parts.ts';
import type { MachineEvent } from './machine-events.ts';
import { WhyLines } from './why-lines.tsx';

const UsagePlot = lazy(async () => ({
  default: (await import('@krateyard/ui/usage/usage-plot.tsx')).UsagePlot,
}));

const strings = vmStrings.machine;
const CLAIMS = 'persistentvolumeclaims';
const WUKONGS = 'vm.novasphere.dev/v1alpha1/wukongs';
const LAST_EVENTS = 5;

/** The machine at a glance: how it is and why, what it uses, disks, networks, and what it is made of. */
export function MachineOverview(props: {
  readonly vm: VmInfo;
  readonly conditions: readonly ConditionLine[];
  readonly events: readonly MachineEvent[];
  readonly onEvents: () => void;
}): ReactElement {
  const { vm, conditions, events, onEvents } = props;
  return (
    <div className="summary">
      <div className="summary-main">
        <WhyLines vm={vm} conditions={conditions} />
        {vm.pod !== undefined && vm.phase === 'Running' && (
          <Section title={strings.usage}>
            <Suspense fallback={null}>
              <UsagePlot kind="pods" objectKey={`${vm.namespace}/${vm.pod}`} levels={levelsOf(vm)} />
            </Suspense>
          </Section>
        )}
        <Section title={strings.disks}>
          <Disks vm={vm} />
        </Section>
        <Section title={strings.networks}>
          <Networks networks={vm.networks} />
        </Section>
        {events.length > 0 && (
          <Section
            title={strings.lastEvents}
            aside={
              <button type="button" className="plain unfold" onClick={onEvents}>
                {strings.allEvents}
              </button>
            }
          >
            <EventList events={events.slice(0, LAST_EVENTS)} />
          </Section>
        )}
      </div>
      <div className="summary-side">
        <About vm={vm} />
        <MadeOf vm={vm} />
      </div>
    </div>
  );
}

function levelsOf({ cpu, memory }: VmInfo) {
  const bytes = memory === '' ? 0 : quantityValue(memory) || 0;
  return {
    cpu: cpu > 0 ? [{ label: strings.given, value: cpu }] : [],
    memory: bytes > 0 ? [{ label: strings.given, value: bytes }] : [],
  };
}

const mono = (text: string): ReactElement | null =>
  text === '' ? null : <span className="mono">{text}</span>;

/** As in the list of machines. */
const NONE = <span className="absent">–</span>;

/** Told only where a disk has them. */
const DISK_FACTS: readonly { title: string; numeric?: boolean; render: (disk: VmDisk) => string }[] = [
  { title: strings.size, numeric: true, render: ({ size }) => (size === '' ? '' : formatQuantity(size)) },
  { title: strings.storageClass, render: ({ storageClassName }) => storageClassName },
  { title: strings.state, render: ({ phase, progress }) => [phase, progress].filter(Boolean).join(' ') },
];

function Disks({ vm }: { readonly vm: VmInfo }): ReactElement {
  if (vm.disks.length === 0) return <p className="absent">{strings.noDisks}</p>;
  return (
    <MiniTable<VmDisk>
      label={strings.disks}
      rows={vm.disks}
      keyOf={({ name }) => name}
      columns={[
        {
          title: strings.name,
          render: ({ name, boot }) => (
            <>
              {name} {boot && <span className="chip">{strings.boot}</span>}
            </>
          ),
        },
        {
          title: strings.source,
          render: ({ claim, image }) =>
            claim === undefined ? (
              <span className="mono">{image ?? strings.inPlace}</span>
            ) : (
              <ObjectLink kind={CLAIMS} namespace={vm.namespace} name={claim} />
            ),
        },
        ...DISK_FACTS.filter(({ render }) => vm.disks.some((disk) => render(disk) !== '')),
      ]}
    />
  );
}

function Networks({ networks }: { readonly networks: readonly VmNetwork[] }): ReactElement {
  if (networks.length === 0) return <p className="absent">{strings.noNetworks}</p>;
  return (
    <MiniTable<VmNetwork>
      label={strings.networks}
      rows={networks}
      keyOf={({ name, macAddress }) => `${name} ${macAddress}`}
      columns={[
        { title: strings.name, render: ({ name }) => name },
        {
          title: strings.addresses,
          render: ({ ipAddress, ipAddresses }) => mono(ipAddresses.join(', ') || ipAddress) ?? NONE,
        },
        { title: strings.toldBy, render: ({ source }) => sourceWords(source) || NONE },
        { title: strings.mac, render: ({ macAddress }) => mono(macAddress) ?? NONE },
        {
          title: strings.binding,
          render: ({ mode, interface: device }) => [mode, device].filter(Boolean).join(', '),
        },
      ]}
    />
  );
}

/** KubeVirt's `infoSource` in words: `domain, guest-agent, multus-status`. */
function sourceWords(source: string): string {
  return source
    .split(/,\s*/)
    .map((one) => (one in strings.sources ? strings.sources[one as keyof typeof strings.sources] : one))
    .filter(Boolean)
    .join(', ');
}

function About({ vm }: { readonly vm: VmInfo }): ReactElement {
  return (
    <Section title={strings.about}>
      <Facts>
        <Fact title={vmStrings.columns.strategy}>{vm.runStrategy}</Fact>
        <Fact title={vmStrings.columns.cpu}>{vm.cpu > 0 && vm.cpu}</Fact>
        <Fact title={vmStrings.columns.memory}>{formatQuantity(vm.memory)}</Fact>
        <Fact title={vmStrings.columns.type}>{vm.instancetype}</Fact>
        <Fact title={vmStrings.columns.image}>
          {vm.osImage && <span className="mono">{vm.osImage}</span>}
        </Fact>
        <Fact title={strings.gpus}>
          {vm.gpus.map(({ name, deviceName }) => `${name} (${deviceName})`).join(', ')}
        </Fact>
        <Fact title={strings.up}>{vm.startedAt !== undefined && <Age at={vm.startedAt} />}</Fact>
        <Fact title={strings.created}>
          <When at={vm.createdAt || undefined} />
        </Fact>
        <Fact title={strings.migratable}>
          {vm.phase === 'Running' && (vm.migratable ? strings.yes : strings.no)}
        </Fact>
        <Fact title={vmStrings.columns.labels}>
          {Object.keys(vm.labels).length > 0 && (
            <Chips items={Object.entries(vm.labels).map(([key, value]) => `${key}=${value}`)} />
          )}
        </Fact>
      </Facts>
    </Section>
  );
}

/** The objects of the API that make the machine up: each a link to its page. */
function MadeOf({ vm }: { readonly vm: VmInfo }): ReactElement {
  const { namespace, name, nodeName, pod, wukong } = vm;
  const claims = vm.disks.flatMap(({ claim }) => claim ?? []);
  return (
    <Section title={strings.madeOf}>
      <Facts>
        <Fact title={strings.machineObject}>
          <ObjectLink kind={MACHINE_KIND} namespace={namespace} name={name} />
        </Fact>
        <Fact title={strings.instance}>
          {vm.phase !== '' && <ObjectLink kind={INSTANCE_KIND} namespace={namespace} name={name} />}
        </Fact>
        <Fact title={strings.pod}>
          {pod !== undefined && <ObjectLink kind="pods" namespace={namespace} name={pod} />}
        </Fact>
        <Fact title={vmStrings.columns.node}>
          {nodeName !== '' && <ObjectLink kind="v1/nodes" name={nodeName} />}
        </Fact>
        <Fact title={strings.wukong}>
          {wukong !== undefined && (
            <>
              <ObjectLink kind={WUKONGS} namespace={namespace} name={wukong} />{' '}
              <span className="absent">{vm.wukongPhase}</span>
            </>
          )}
        </Fact>
        <Fact title={strings.claims}>
          {claims.length > 0 &&
            claims.map((claim) => (
              <span key={claim} className="machine-part">
                <ObjectLink kind={CLAIMS} namespace={namespace} name={claim} />
              </span>
            ))}
        </Fact>
      </Facts>
    </Section>
  );
}
