import type { ReactElement } from 'react';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import { dateAt, listAt } from '../../contract/columns/read.ts';
import { formatLocal } from '@krateyard/ui/words/format-time';
import { UsageSection } from './usage-section.tsx';
import { LatestEvents } from './object-events.tsx';
import { objectStrings as strings } from './object-strings.ts';
import { AboutObject } from './summaries/about-object.tsx';
import { GenericSummary } from './summaries/generic-summary.tsx';
import type { SummaryProps } from './summaries/summary-props.ts';
import { SUMMARIES, summaryKey } from './summaries/summary-registry.ts';
import { SummaryGuard } from './summary-guard.tsx';

/** What it is, whether it is well, since when, why not; then what every object has. */
export function ObjectSummary(
  props: SummaryProps & { readonly columns: readonly TableColumn[]; readonly cells: readonly Cell[] },
): ReactElement {
  const { columns, cells, ...summary } = props;
  const { object, kind } = summary;
  const Typed = SUMMARIES[summaryKey(kind)];
  const generic = <GenericSummary object={object} columns={columns} cells={cells} />;
  return (
    <div className={summary.dense ? 'summary summary-dense' : 'summary'}>
      <Deleting object={object} />
      <div className="summary-main">
        {Typed ? (
          <SummaryGuard fallback={generic}>
            <Typed {...summary} />
          </SummaryGuard>
        ) : (
          generic
        )}
        {kind.resource !== 'events' && (
          <LatestEvents object={object} kindName={kind.kind} kindPath={kind.path} />
        )}
      </div>
      <div className="summary-side">
        <UsageSection object={object} kind={kind} />
        <AboutObject object={object} />
      </div>
    </div>
  );
}

function Deleting({ object }: Pick<SummaryProps, 'object'>): ReactElement | null {
  const since = dateAt(object, 'metadata', 'deletionTimestamp');
  if (since === null) return null;
  const finalizers = listAt(object, 'metadata', 'finalizers').map(String);
  return (
    <p className="gone-line">
      {strings.deleting(formatLocal(new Date(since).toISOString()))}.{' '}
      {finalizers.length > 0 && strings.finalizers(finalizers.join(', '))}
    </p>
  );
}
