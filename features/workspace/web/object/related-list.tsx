import type { ReactElement, ReactNode } from 'react';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import { objectStrings as strings } from './object-strings.ts';
import { MiniTable, ObjectLink, Section } from '@krateyard/ui/parts/facts.tsx';
import { useObjects } from './use-objects.ts';

/** The live objects of a query, small: their own columns, each a link. Says so when they may not be seen. */
export function RelatedList(props: {
  readonly title: string;
  readonly query: LiveQuery;
  readonly columns: readonly string[];
  readonly sort?: string;
  readonly limit?: number;
  /** What stands instead of an empty table. */
  readonly empty?: ReactNode;
}): ReactElement | null {
  const { title, query, columns: wanted, sort, limit, empty } = props;
  const { rows, total, truth, cells } = useObjects(query, {
    ...(sort !== undefined && { sort }),
    ...(limit !== undefined && { limit }),
  });
  if (truth.state === 'failed' || truth.state === 'lost') {
    return (
      <Section title={title}>
        <p className="absent">
          {truth.status.reason === 'Forbidden' ? strings.notAllowed(title) : strings.notListed(title)}
        </p>
      </Section>
    );
  }
  if (rows.length === 0) {
    if (truth.state === 'loading' || empty === undefined) return null;
    return <Section title={title}>{empty}</Section>;
  }
  const columns = wanted
    .map((name) => cells.columns.findIndex((column) => column.name === name))
    .filter((at) => at !== -1);
  return (
    <Section title={title} aside={total}>
      <MiniTable
        label={title}
        rows={rows}
        keyOf={({ key }: LiveRow) => key}
        columns={columns.map((at) => ({
          title: cells.columns[at]!.title,
          numeric: cells.columns[at]!.type === 'number',
          render: (row: LiveRow) =>
            cells.columns[at]!.name === 'name' ? (
              <ObjectLink
                kind={query.kind}
                namespace={row.object.metadata.namespace}
                name={row.object.metadata.name ?? ''}
              />
            ) : (
              <CellText column={cells.columns[at]!} cell={cells.cellsOf(row)[at] ?? null} />
            ),
        }))}
      />
    </Section>
  );
}

export function CellText(props: { readonly column: TableColumn; readonly cell: Cell }): ReactNode {
  const { column, cell } = props;
  if (cell === null || cell === '') return <span className="absent">–</span>;
  if (typeof cell === 'object') return <Status word={cell.word} text={cell.text} />;
  return column.type === 'date' && typeof cell === 'number' ? <Age at={cell} /> : String(cell);
}
