import { useMemo, type ReactElement } from 'react';
import { at, listAt, textAt } from '../../../contract/columns/read.ts';
import { templateContainersOf } from '../facts/container-facts.ts';
import {
  rolloutOf,
  selectorText,
  strategyText,
  workloadVerdict,
  type Rollout,
} from '../facts/workload-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, Meter, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import { RelatedList } from '../related-list.tsx';
import { ContainerList } from './container-list.tsx';
import { Volumes } from './pod-summary.tsx';
import { Revisions } from './revisions.tsx';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';

/** Deployments, StatefulSets, DaemonSets, ReplicaSets. */
export function WorkloadSummary({ object, kind, container, onContainer }: SummaryProps): ReactElement {
  const { namespace = '' } = object.metadata;
  const template = at(object, 'spec', 'template');
  const account = textAt(template, 'spec', 'serviceAccountName');
  const service = textAt(object, 'spec', 'serviceName');
  const selector = selectorText(at(object, 'spec', 'selector'));
  return (
    <>
      <VerdictLines verdict={workloadVerdict(object, kind)} />
      <ReplicaBars rollout={rolloutOf(object)} />
      {selector !== undefined && <PodsOf namespace={namespace} selector={selector} />}
      <Revisions object={object} kind={kind} />
      <ContainerList
        containers={templateContainersOf(template)}
        namespace={namespace}
        open={container}
        onOpen={onContainer}
      />
      <Section title={strings.about}>
        <Facts>
          <Fact title={strings.strategy}>{strategyText(object)}</Fact>
          <Fact title={strings.selector}>
            {selector !== undefined && <span className="mono">{selector}</span>}
          </Fact>
          <Fact title={strings.service}>
            {service !== null && service !== '' && (
              <ObjectLink kind="services" namespace={namespace} name={service} />
            )}
          </Fact>
          <Fact title={strings.serviceAccount}>
            {account !== null && (
              <ObjectLink kind="v1/serviceaccounts" namespace={namespace} name={account} />
            )}
          </Fact>
        </Facts>
      </Section>
      <Volumes volumes={listAt(template, 'spec', 'volumes')} namespace={namespace} />
    </>
  );
}

/** The pods of a selector, live, those that need somebody first. */
export function PodsOf(props: { readonly namespace: string; readonly selector: string }): ReactElement {
  const { namespace, selector } = props;
  const query = useMemo(
    () => ({ kind: 'pods', namespaces: [namespace], labelSelector: selector }),
    [namespace, selector],
  );
  return (
    <RelatedList
      title={strings.pods}
      query={query}
      sort="status"
      columns={['name', 'status', 'ready', 'restarts', 'node', 'age']}
      empty={<p className="absent">{strings.none}</p>}
    />
  );
}

function ReplicaBars({ rollout }: { readonly rollout: Rollout }): ReactElement | null {
  const { desired } = rollout;
  if (desired === 0) return null;
  return (
    <ul className="replica-bars">
      {(['updated', 'ready', 'available'] as const).map((part) => {
        const count = rollout[part];
        const tone = count >= desired ? 'ok' : count === 0 ? 'bad' : 'warn';
        return (
          <li key={part}>
            <span>{strings[part]}</span>
            <Meter label={strings[part]} share={count / desired} tone={tone} />
            <span className="numeric">
              {count}/{desired}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
