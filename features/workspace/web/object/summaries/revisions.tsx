import { useMemo, type ReactElement } from 'react';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { dateAt, listAt, textAt } from '../../../contract/columns/read.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import { useObjects } from '../use-objects.ts';
import { selectorText } from '../facts/workload-facts.ts';
import type { SummaryProps } from './summary-props.ts';

/** Where a workload's earlier templates are kept. */
const KEPT_IN: Readonly<Record<string, string>> = {
  deployments: 'apps/v1/replicasets',
  statefulsets: 'apps/v1/controllerrevisions',
  daemonsets: 'apps/v1/controllerrevisions',
};

export function Revisions({ object, kind }: Pick<SummaryProps, 'object' | 'kind'>): ReactElement | null {
  const keptIn = KEPT_IN[kind.resource];
  return keptIn === undefined ? null : <RevisionTable object={object} keptIn={keptIn} />;
}

function RevisionTable(props: { readonly object: LiveObject; readonly keptIn: string }): ReactElement | null {
  const { object, keptIn } = props;
  const { namespace = '', uid } = object.metadata;
  const selector = selectorText((object['spec'] as { selector?: unknown } | undefined)?.selector);
  const query = useMemo(
    () => ({
      kind: keptIn,
      namespaces: [namespace],
      ...(selector !== undefined && { labelSelector: selector }),
    }),
    [keptIn, namespace, selector],
  );
  const { objects } = useObjects(query);
  const mine = objects
    .filter((one) => listAt(one, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'uid') === uid))
    .toSorted((a, b) => revisionOf(b) - revisionOf(a));
  if (mine.length < 2) return null;
  return (
    <Section title={strings.revisions} aside={mine.length}>
      <MiniTable
        label={strings.revisions}
        rows={mine}
        keyOf={(one) => one.metadata.name ?? ''}
        columns={[
          { title: strings.revision, numeric: true, render: (one) => revisionOf(one) },
          {
            title: 'Name',
            render: (one) => (
              <ObjectLink kind={keptIn} namespace={namespace} name={one.metadata.name ?? ''} />
            ),
          },
          {
            title: strings.replicas,
            numeric: true,
            render: (one) => textAt(one, 'status', 'replicas') ?? '–',
          },
          { title: 'Images', render: imagesOf },
          {
            title: strings.ageTitle,
            render: (one) => <Age at={dateAt(one, 'metadata', 'creationTimestamp') ?? 0} />,
          },
        ]}
      />
    </Section>
  );
}

function revisionOf(object: LiveObject): number {
  return Number(
    textAt(object, 'revision') ??
      textAt(object, 'metadata', 'annotations', 'deployment.kubernetes.io/revision') ??
      0,
  );
}

function imagesOf(object: LiveObject): string {
  const spec = (object['spec'] ?? object['data']) as object | undefined;
  const inner =
    listAt(spec, 'template', 'spec', 'containers').length > 0 ? spec : (spec as { spec?: object })?.spec;
  return listAt(inner, 'template', 'spec', 'containers')
    .map((container) => (textAt(container, 'image') ?? '').split('/').at(-1))
    .join(', ');
}
