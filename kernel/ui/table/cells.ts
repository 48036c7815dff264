import type { LiveRow } from '../live/live-collection.ts';
import type { Cell, TableColumn } from './table-column.ts';

/** Columns, and what stands in them for a row: the same array as long as the row shows the same. */
export interface Cells {
  readonly columns: readonly TableColumn[];
  readonly cellsOf: (row: LiveRow) => readonly Cell[];
}
