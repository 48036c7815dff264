import type { ReactElement, ReactNode } from 'react';
import { at, listAt, textAt } from '../../../contract/columns/read.ts';
import { containersOf, withoutSaid } from '../facts/container-facts.ts';
import { podVerdict } from '../facts/pod-verdict.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import { useNow } from '@krateyard/ui/parts/use-now';
import { ContainerList } from './container-list.tsx';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';

export function PodSummary({ object: pod, container, onContainer }: SummaryProps): ReactElement {
  const { namespace } = pod.metadata;
  const node = textAt(pod, 'spec', 'nodeName');
  const account = textAt(pod, 'spec', 'serviceAccountName');
  const ips = listAt(pod, 'status', 'podIPs').flatMap((entry) => textAt(entry, 'ip') ?? []);
  const grace = textAt(pod, 'spec', 'terminationGracePeriodSeconds');
  const verdict = podVerdict(pod, useNow());
  return (
    <>
      <VerdictLines verdict={verdict} />
      <ContainerList
        containers={containersOf(pod).map((one) => withoutSaid(one, verdict.reasons))}
        namespace={namespace}
        open={container}
        onOpen={onContainer}
      />
      <Section title={strings.about}>
        <Facts>
          <Fact title={strings.node}>{node !== null && <ObjectLink kind="v1/nodes" name={node} />}</Fact>
          <Fact title={strings.podIps}>
            {ips.length > 0 && <span className="mono">{[...new Set(ips)].join(', ')}</span>}
          </Fact>
          <Fact title={strings.hostIp}>
            {textAt(pod, 'status', 'hostIP') && (
              <span className="mono">{textAt(pod, 'status', 'hostIP')}</span>
            )}
          </Fact>
          <Fact title={strings.qos}>{textAt(pod, 'status', 'qosClass')}</Fact>
          <Fact title={strings.serviceAccount}>
            {account !== null && (
              <ObjectLink kind="v1/serviceaccounts" namespace={namespace} name={account} />
            )}
          </Fact>
          <Fact title={strings.priority}>{textAt(pod, 'spec', 'priorityClassName')}</Fact>
          <Fact title={strings.restartPolicy}>{textAt(pod, 'spec', 'restartPolicy')}</Fact>
          <Fact title={strings.grace}>{grace !== null && strings.seconds(Number(grace))}</Fact>
        </Facts>
      </Section>
      <Volumes volumes={listAt(pod, 'spec', 'volumes')} namespace={namespace} />
    </>
  );
}

/** Volumes and what is behind them. */
export function Volumes(props: {
  readonly volumes: readonly unknown[];
  readonly namespace: string | undefined;
}): ReactElement | null {
  const { volumes, namespace } = props;
  if (volumes.length === 0) return null;
  return (
    <Section title={strings.volumes} aside={volumes.length}>
      <MiniTable
        label={strings.volumes}
        rows={volumes}
        keyOf={(volume, index) => textAt(volume, 'name') ?? String(index)}
        columns={[
          { title: 'Name', render: (volume) => textAt(volume, 'name') },
          { title: strings.source, render: (volume) => volumeSource(volume, namespace) },
        ]}
      />
    </Section>
  );
}

const SOURCES: readonly (readonly [field: string, name: string, kind: string])[] = [
  ['configMap', 'name', 'configmaps'],
  ['secret', 'secretName', 'secrets'],
  ['persistentVolumeClaim', 'claimName', 'pvcs'],
];

function volumeSource(volume: unknown, namespace: string | undefined): ReactNode {
  for (const [field, name, kind] of SOURCES) {
    const found = textAt(volume, field, name);
    if (found !== null) {
      return (
        <>
          {field} <ObjectLink kind={kind} namespace={namespace} name={found} />
        </>
      );
    }
  }
  const type = Object.keys((volume ?? {}) as object).find((field) => field !== 'name') ?? 'emptyDir';
  const path = textAt(volume, 'hostPath', 'path') ?? textAt(volume, 'csi', 'driver');
  const parts = listAt(volume, 'projected', 'sources').flatMap((from) => Object.keys((from ?? {}) as object));
  const limit = textAt(at(volume, 'emptyDir'), 'sizeLimit');
  return [type, path, parts.join(', '), limit].filter((part) => part !== null && part !== '').join(' ');
}
