import type { ReactElement } from 'react';
import { at, dateAt, numberAt, textAt } from '../../../contract/columns/read.ts';
import { autoscalerVerdict, budgetVerdict, metricsOf } from '../facts/autoscaler-facts.ts';
import { selectorText } from '../facts/workload-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, MiniTable, ObjectLink, Section, When } from '@krateyard/ui/parts/facts.tsx';
import { useKindPaths } from '../use-kind-paths.ts';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';
import { PodsOf } from './workload-summary.tsx';

export function AutoscalerSummary({ object: scaler }: SummaryProps): ReactElement {
  const paths = useKindPaths();
  const { namespace } = scaler.metadata;
  const kind = textAt(scaler, 'spec', 'scaleTargetRef', 'kind') ?? '';
  const name = textAt(scaler, 'spec', 'scaleTargetRef', 'name') ?? '';
  const known = paths(textAt(scaler, 'spec', 'scaleTargetRef', 'apiVersion') ?? '', kind);
  const metrics = metricsOf(scaler);
  return (
    <>
      <VerdictLines verdict={autoscalerVerdict(scaler)} />
      <Facts>
        <Fact title={strings.target}>
          {kind} {known ? <ObjectLink kind={known.path} namespace={namespace} name={name} /> : name}
        </Fact>
        <Fact title={strings.range}>
          {`${numberAt(scaler, 'spec', 'minReplicas') ?? 1} – ${numberAt(scaler, 'spec', 'maxReplicas') ?? '?'}`}
        </Fact>
        <Fact title={strings.lastScaled}>
          <When at={dateAt(scaler, 'status', 'lastScaleTime')} />
        </Fact>
      </Facts>
      {metrics.length > 0 && (
        <Section title={strings.metrics}>
          <MiniTable
            label={strings.metrics}
            rows={metrics}
            keyOf={({ name: metric }) => metric}
            columns={[
              { title: 'Metric', render: ({ name: metric }) => metric },
              { title: strings.now, numeric: true, render: ({ now }) => now },
              { title: strings.goal, numeric: true, render: ({ goal }) => goal },
            ]}
          />
        </Section>
      )}
    </>
  );
}

export function BudgetSummary({ object: budget }: SummaryProps): ReactElement {
  const selector = selectorText(at(budget, 'spec', 'selector'));
  const least = textAt(budget, 'spec', 'minAvailable');
  const most = textAt(budget, 'spec', 'maxUnavailable');
  return (
    <>
      <VerdictLines verdict={budgetVerdict(budget)} />
      <Facts>
        <Fact title={strings.budget}>
          {least !== null && `at least ${least} available`}
          {most !== null && `at most ${most} away`}
        </Fact>
        <Fact title={strings.healthy}>
          {`${numberAt(budget, 'status', 'currentHealthy') ?? 0} / ${numberAt(budget, 'status', 'desiredHealthy') ?? 0}`}
        </Fact>
        <Fact title={strings.disruptions}>{textAt(budget, 'status', 'disruptionsAllowed')}</Fact>
      </Facts>
      {selector !== undefined && <PodsOf namespace={budget.metadata.namespace ?? ''} selector={selector} />}
    </>
  );
}

export function EventSummary({ object: event }: SummaryProps): ReactElement {
  const paths = useKindPaths();
  const about = at(event, 'involvedObject') ?? at(event, 'regarding');
  const kind = textAt(about, 'kind') ?? '';
  const name = textAt(about, 'name') ?? '';
  const known = paths(textAt(about, 'apiVersion') ?? '', kind);
  const warning = (textAt(event, 'type') ?? 'Normal') !== 'Normal';
  const last =
    dateAt(event, 'series', 'lastObservedTime') ??
    dateAt(event, 'lastTimestamp') ??
    dateAt(event, 'eventTime');
  return (
    <>
      <VerdictLines
        verdict={{
          word: warning ? 'Failed' : 'Running',
          text: textAt(event, 'reason') ?? '',
          since: last ?? undefined,
          reasons: [textAt(event, 'message') ?? textAt(event, 'note') ?? ''].filter((text) => text !== ''),
        }}
      />
      <Facts>
        <Fact title={strings.eventAbout}>
          {kind}{' '}
          {known ? (
            <ObjectLink
              kind={known.path}
              namespace={known.namespaced ? (textAt(about, 'namespace') ?? undefined) : undefined}
              name={name}
            />
          ) : (
            name
          )}
        </Fact>
        <Fact title={strings.eventBy}>
          {textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent')}
        </Fact>
        <Fact title={strings.eventSeen}>
          {String(numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1)} ×
        </Fact>
        <Fact title={strings.firstSeenTitle}>
          <When at={dateAt(event, 'firstTimestamp')} />
        </Fact>
      </Facts>
    </>
  );
}
