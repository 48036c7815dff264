import { useMemo, type ReactElement } from 'react';
import { Link } from 'wouter';
import { formatCount } from '@krateyard/ui/words/format-time';
import { formatResource } from '@krateyard/ui/words/resource-amount';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { listAt, textAt } from '../../../contract/columns/read.ts';
import { conditionsOf } from '../../object-facts.ts';
import { formatView } from '../../view-url.ts';
import { quotaLines } from '../facts/quota-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Meter, MiniTable, Section } from '@krateyard/ui/parts/facts.tsx';
import { useObjects } from '../use-objects.ts';
import { LimitTable } from './config-summary.tsx';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';

/** Kinds that are counted: those that a namespace is asked about. */
const COUNTED = [
  ['pods', 'Pods'],
  ['deployments', 'Deployments'],
  ['statefulsets', 'StatefulSets'],
  ['services', 'Services'],
  ['configmaps', 'ConfigMaps'],
  ['pvcs', 'Volume claims'],
] as const;

export function NamespaceSummary({ object: namespace }: SummaryProps): ReactElement {
  const name = namespace.metadata.name ?? '';
  const ending = textAt(namespace, 'status', 'phase') === 'Terminating';
  const reasons = conditionsOf(namespace)
    .filter(({ status }) => status === 'True')
    .map(({ message, reason }) => message || reason);
  return (
    <>
      <VerdictLines
        verdict={
          ending
            ? { word: 'Pending', text: 'It is being taken down with all that is in it.', reasons }
            : { word: 'Running', text: 'Active.', reasons: [] }
        }
      />
      <Section title={strings.counts}>
        <ul className="counts">
          {COUNTED.map(([kind, title]) => (
            <li key={kind}>
              <Count kind={kind} title={title} namespace={name} />
            </li>
          ))}
        </ul>
      </Section>
      <Quotas namespace={name} />
      <Limits namespace={name} />
    </>
  );
}

function Count(props: {
  readonly kind: string;
  readonly title: string;
  readonly namespace: string;
}): ReactElement {
  const { kind, title, namespace } = props;
  const query = useMemo(() => ({ kind, namespaces: [namespace] }), [kind, namespace]);
  const { total, truth } = useObjects(query, { limit: 20 });
  const unknown = truth.state === 'failed' || truth.state === 'lost' || truth.state === 'loading';
  return (
    <Link href={formatView({ kind, namespaces: [namespace] })}>
      <b>{unknown ? '–' : formatCount(total)}</b> {title}
    </Link>
  );
}

function Quotas({ namespace }: { readonly namespace: string }): ReactElement {
  const query = useMemo(() => ({ kind: 'v1/resourcequotas', namespaces: [namespace] }), [namespace]);
  const { objects, truth } = useObjects(query);
  if (truth.state === 'failed' || truth.state === 'lost') {
    return (
      <Section title={strings.quotas}>
        <p className="absent">{strings.notAllowed(strings.quotas)}</p>
      </Section>
    );
  }
  return (
    <Section title={strings.quotas}>
      {objects.length === 0 ? <p className="absent">{strings.noQuota}</p> : <QuotaTable quotas={objects} />}
    </Section>
  );
}

export function QuotaTable({ quotas }: { readonly quotas: readonly LiveObject[] }): ReactElement {
  return (
    <MiniTable
      label={strings.quotas}
      rows={quotaLines(quotas)}
      keyOf={({ quota, resource }) => `${quota} ${resource}`}
      columns={[
        { title: strings.resource, render: ({ resource }) => resource },
        {
          title: '',
          render: ({ resource, share }) => (
            <Meter label={resource} share={share} tone={share >= 1 ? 'bad' : share > 0.9 ? 'warn' : 'ok'} />
          ),
        },
        {
          title: strings.used,
          numeric: true,
          render: ({ resource, used }) => formatResource(resource, used),
        },
        {
          title: strings.hard,
          numeric: true,
          render: ({ resource, hard }) => formatResource(resource, hard),
        },
      ]}
    />
  );
}

function Limits({ namespace }: { readonly namespace: string }): ReactElement | null {
  const query = useMemo(() => ({ kind: 'v1/limitranges', namespaces: [namespace] }), [namespace]);
  const { objects } = useObjects(query);
  const limits = objects.flatMap((range) => listAt(range, 'spec', 'limits'));
  if (limits.length === 0) return null;
  return (
    <Section title={strings.limitRanges}>
      <LimitTable limits={limits} />
    </Section>
  );
}

export function QuotaSummary({ object }: SummaryProps): ReactElement {
  return (
    <Section title={strings.quotas}>
      <QuotaTable quotas={[object]} />
    </Section>
  );
}

export function LimitRangeSummary({ object }: SummaryProps): ReactElement {
  return (
    <Section title={strings.limitRanges}>
      <LimitTable limits={listAt(object, 'spec', 'limits')} />
    </Section>
  );
}
