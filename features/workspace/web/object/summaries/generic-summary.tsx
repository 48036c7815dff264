import type { ReactElement } from 'react';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import { objectStrings as strings } from '../object-strings.ts';
import { Fact, Facts, Section } from '@krateyard/ui/parts/facts.tsx';
import { CellText } from '../related-list.tsx';
import { ValueTree } from '../value-tree.tsx';
import type { SummaryProps } from './summary-props.ts';

const SHOWN_BY_OTHERS = new Set(['name', 'namespace', 'age']);
const NOT_CONTENT = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** Any object: the columns of its table, then spec, whatever else it has, and status (but for conditions) as trees. */
export function GenericSummary(props: {
  readonly object: SummaryProps['object'];
  readonly columns: readonly TableColumn[];
  readonly cells: readonly Cell[];
}): ReactElement {
  const { object, columns, cells } = props;
  const { conditions: _, ...status } = fieldsOf(object['status']);
  const rest = Object.fromEntries(Object.entries(object).filter(([field]) => !NOT_CONTENT.has(field)));
  const spec = fieldsOf(object['spec']);
  return (
    <>
      <Facts>
        {columns.map((column, at) =>
          SHOWN_BY_OTHERS.has(column.name) ? null : (
            <Fact key={column.name} title={column.title}>
              <CellText column={column} cell={cells[at] ?? null} />
            </Fact>
          ),
        )}
      </Facts>
      {Object.keys(spec).length > 0 && (
        <Section title={strings.spec}>
          <ValueTree value={spec} label={strings.spec} />
        </Section>
      )}
      {Object.keys(rest).length > 0 && (
        <Section title={strings.content}>
          <ValueTree value={rest} label={strings.content} />
        </Section>
      )}
      {Object.keys(status).length > 0 && (
        <Section title={strings.status}>
          <ValueTree value={status} label={strings.status} />
        </Section>
      )}
    </>
  );
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
