import { Cron } from 'croner';
import { useMemo, type ReactElement } from 'react';
import { formatAge } from '@krateyard/ui/words/age';
import { formatLocal, formatUtc } from '@krateyard/ui/words/format-time';
import { at, dateAt, listAt, numberAt, textAt } from '../../../contract/columns/read.ts';
import { templateContainersOf } from '../facts/container-facts.ts';
import { cronJobVerdict, jobVerdict, scheduleOf, tookMs } from '../facts/job-facts.ts';
import { selectorText } from '../facts/workload-facts.ts';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, ObjectLink, Section, When } from '@krateyard/ui/parts/facts.tsx';
import { RelatedList } from '../related-list.tsx';
import { useNow } from '@krateyard/ui/parts/use-now';
import { useObjects } from '../use-objects.ts';
import { ContainerList } from './container-list.tsx';
import type { SummaryProps } from './summary-props.ts';
import { VerdictLines } from './verdict-lines.tsx';
import { PodsOf } from './workload-summary.tsx';

export function JobSummary({ object: job, container, onContainer }: SummaryProps): ReactElement {
  const { namespace = '' } = job.metadata;
  const took = tookMs(job, useNow());
  const selector = selectorText(at(job, 'spec', 'selector'));
  const failed = numberAt(job, 'status', 'failed') ?? 0;
  return (
    <>
      <VerdictLines verdict={jobVerdict(job)} />
      <Facts>
        <Fact title={strings.started}>
          <When at={dateAt(job, 'status', 'startTime')} />
        </Fact>
        <Fact title={strings.finished}>
          <When at={dateAt(job, 'status', 'completionTime')} />
        </Fact>
        <Fact title={strings.took}>{took !== undefined && formatAge(took)}</Fact>
        <Fact title={strings.completions}>
          {`${numberAt(job, 'status', 'succeeded') ?? 0} / ${numberAt(job, 'spec', 'completions') ?? 1}`}
        </Fact>
        <Fact title={strings.parallelism}>{textAt(job, 'spec', 'parallelism')}</Fact>
        <Fact
          title={strings.attempts}
        >{`${failed} ${strings.backoff(numberAt(job, 'spec', 'backoffLimit') ?? 6)}`}</Fact>
      </Facts>
      {selector !== undefined && <PodsOf namespace={namespace} selector={selector} />}
      <ContainerList
        containers={templateContainersOf(at(job, 'spec', 'template'))}
        namespace={namespace}
        open={container}
        onOpen={onContainer}
      />
    </>
  );
}

const NEXT_RUNS = 4;

export function CronJobSummary({ object: cronJob, container, onContainer }: SummaryProps): ReactElement {
  const { namespace = '', name = '', uid } = cronJob.metadata;
  const query = useMemo(
    () => ({ kind: 'batch/v1/jobs', namespaces: [namespace], search: name }),
    [namespace, name],
  );
  const { objects } = useObjects(query, { limit: 240 });
  const mine = objects.filter((job) =>
    listAt(job, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'uid') === uid),
  );
  const { schedule, timeZone } = scheduleOf(cronJob);
  const suspended = at(cronJob, 'spec', 'suspend') === true;
  return (
    <>
      <VerdictLines verdict={cronJobVerdict(cronJob, mine)} />
      <Facts>
        <Fact title={strings.schedule}>
          <span className="mono">{schedule}</span>
        </Fact>
        <Fact title={strings.timeZone}>
          {timeZone ?? <span className="absent">{strings.gatewayZone}</span>}
        </Fact>
        {!suspended && (
          <Fact title={strings.nextRuns}>
            <NextRuns schedule={schedule} timeZone={timeZone ?? 'UTC'} />
          </Fact>
        )}
        <Fact title={strings.lastRun}>
          <When at={dateAt(cronJob, 'status', 'lastScheduleTime')} />
        </Fact>
        <Fact title={strings.lastSuccess}>
          <When at={dateAt(cronJob, 'status', 'lastSuccessfulTime')} />
        </Fact>
        <Fact title={strings.concurrency}>{textAt(cronJob, 'spec', 'concurrencyPolicy')}</Fact>
        <Fact title={strings.runningNow}>
          {listAt(cronJob, 'status', 'active').length > 0 &&
            listAt(cronJob, 'status', 'active').map((entry) => (
              <ObjectLink
                key={textAt(entry, 'name')}
                kind="batch/v1/jobs"
                namespace={namespace}
                name={textAt(entry, 'name') ?? ''}
              />
            ))}
        </Fact>
      </Facts>
      <RelatedList
        title={strings.runs}
        query={query}
        sort="-age"
        columns={['name', 'status', 'completions', 'started', 'age']}
      />
      <ContainerList
        containers={templateContainersOf(at(cronJob, 'spec', 'jobTemplate', 'spec', 'template'))}
        namespace={namespace}
        open={container}
        onOpen={onContainer}
      />
      <Section title={strings.historyLimit}>
        <Facts>
          <Fact title={strings.successfulRuns}>
            {textAt(cronJob, 'spec', 'successfulJobsHistoryLimit') ?? '3'}
          </Fact>
          <Fact title={strings.failedRuns}>{textAt(cronJob, 'spec', 'failedJobsHistoryLimit') ?? '1'}</Fact>
        </Facts>
      </Section>
    </>
  );
}

function NextRuns(props: { readonly schedule: string; readonly timeZone: string }): ReactElement {
  const { schedule, timeZone } = props;
  const now = useNow();
  const runs = nextRuns(schedule, timeZone, now);
  if (!runs) return <span className="absent">{strings.badSchedule}</span>;
  return (
    <>
      {runs.map((time) => (
        <div key={time}>
          <time dateTime={new Date(time).toISOString()} title={formatUtc(new Date(time).toISOString())}>
            {formatLocal(new Date(time).toISOString())}
          </time>{' '}
          <span className="absent">(in {formatAge(time - now)})</span>
        </div>
      ))}
    </>
  );
}

function nextRuns(schedule: string, timezone: string, nowMs: number): readonly number[] | undefined {
  try {
    return new Cron(schedule, { timezone }).nextRuns(NEXT_RUNS, new Date(nowMs)).map((run) => run.getTime());
  } catch {
    return undefined;
  }
}
