import { useMemo, type ReactElement } from 'react';
import { formatResource } from '@krateyard/ui/words/resource-amount';
import { listAt, textAt } from '../../../contract/columns/read.ts';
import { nodeResources, nodeVerdict, taintTexts, type NodeResource } from '../facts/node-facts.ts';
import { objectStrings as strings, plural } from '../object-strings.ts';
import { Chips, Fact, Facts, Meter, MiniTable, Section } from '@krateyard/ui/parts/facts.tsx';
import { RelatedList } from '../related-list.tsx';
import { useObjects } from '../use-objects.ts';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';

/** More pods than a node takes by default (110), or by any usual setting. */
const MOST_PODS = 500;

export function NodeSummary({ object: node }: SummaryProps): ReactElement {
  const name = node.metadata.name ?? '';
  const query = useMemo(
    () => ({ kind: 'pods', namespaces: [], fieldSelector: `spec.nodeName=${name}` }),
    [name],
  );
  const { objects: pods, total } = useObjects(query, { limit: MOST_PODS, sort: 'status' });
  const taints = taintTexts(node);
  return (
    <>
      <VerdictLines verdict={nodeVerdict(node)} />
      <Section title={strings.capacity} aside={strings.requestedNote(plural(total, 'pod'))}>
        <ResourceTable resources={nodeResources(node, pods)} />
      </Section>
      <Section title={strings.about}>
        <Facts>
          <Fact title={strings.taints}>{taints.length > 0 && <Chips items={taints} />}</Fact>
          <Fact title={strings.versions}>{versionsOf(node)}</Fact>
          <Fact title={strings.addresses}>
            {listAt(node, 'status', 'addresses')
              .map((entry) => `${textAt(entry, 'type') ?? ''} ${textAt(entry, 'address') ?? ''}`)
              .join(', ')}
          </Fact>
        </Facts>
      </Section>
      <RelatedList
        title={strings.podsOnNode}
        query={query}
        sort="status"
        limit={MOST_PODS}
        columns={['name', 'namespace', 'status', 'ready', 'restarts', 'age']}
      />
    </>
  );
}

function versionsOf(node: SummaryProps['object']): string {
  const info = ['kubeletVersion', 'containerRuntimeVersion', 'osImage', 'kernelVersion', 'architecture'];
  return info
    .flatMap((field) => textAt(node, 'status', 'nodeInfo', field) ?? [])
    .filter((part) => part !== '')
    .join(' · ');
}

function ResourceTable({ resources }: { readonly resources: readonly NodeResource[] }): ReactElement {
  return (
    <MiniTable
      label={strings.capacity}
      rows={resources}
      keyOf={({ name }) => name}
      columns={[
        { title: strings.resource, render: ({ name }) => name },
        {
          title: '',
          render: ({ name, share }) => (
            <Meter
              label={`${name} ${strings.requested}`}
              share={share}
              tone={share > 1 ? 'bad' : share > 0.9 ? 'warn' : 'ok'}
            />
          ),
        },
        {
          title: strings.requested,
          numeric: true,
          render: ({ name, requested, share }) =>
            `${formatResource(name, requested)} (${Math.round(share * 100)}%)`,
        },
        { title: strings.limited, numeric: true, render: ({ name, limits }) => formatResource(name, limits) },
        {
          title: strings.allocatable,
          numeric: true,
          render: ({ name, allocatable }) => formatResource(name, allocatable),
        },
        {
          title: strings.total,
          numeric: true,
          render: ({ name, capacity }) => formatResource(name, capacity),
        },
      ]}
    />
  );
}
