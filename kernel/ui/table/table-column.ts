import type { ComponentType } from 'react';
import type { LiveRow } from '../live/live-collection.ts';
import { formatQuantity } from '../words/quantity.ts';
import type { StatusWord } from '../words/status-vocabulary.ts';

export interface TableColumn {
  /** What `sort` and the filter call it. */
  readonly name: string;
  readonly title: string;
  readonly type: 'text' | 'number' | 'date' | 'quantity' | 'status';
  /** 0 shows first; above, where there is room. */
  readonly priority: number;
  /** Names the row; where no column does, the first. */
  readonly lead?: boolean | undefined;
  readonly description?: string | undefined;
  /** What the server does not know it cannot sort by: false. */
  readonly sortable?: boolean | undefined;
  /** A first press of its head sorts descending: what has most of it is looked for. */
  readonly mostFirst?: boolean | undefined;
  /** Draws the cell, and again by itself when what it shows changes; the cell's text only stands for its width. Not on phones. */
  readonly View?: ComponentType<{ readonly row: LiveRow }> | undefined;
}

/** `date` cells are milliseconds since the epoch. */
export type Cell = string | number | { readonly word: StatusWord; readonly text: string } | null;

/** What stands in the cell; for an age, which ticks, a text as long. */
export function cellText(column: TableColumn, cell: Cell): string {
  if (cell === null) return '';
  if (column.type === 'date') return '0d00h';
  if (typeof cell === 'object') return cell.text;
  return column.type === 'quantity' ? formatQuantity(String(cell)) : String(cell);
}

/** Index of the column that names the row. */
export const leadOf = (columns: readonly TableColumn[]): number =>
  Math.max(
    0,
    columns.findIndex(({ lead }) => lead),
  );

export const isNumeric = (column: TableColumn): boolean =>
  column.type === 'number' || column.type === 'quantity' || column.type === 'date';

/**
 * The next sort when a header is pressed: ascending, descending, then the usual one (undefined), which goes on from where it
 * stands: what is sorted by it turns round at once. `name` with a leading minus begins descending.
 */
export function nextSort(current: string | undefined, usual: string, name: string): string | undefined {
  const from = current ?? usual;
  const turned = name.startsWith('-') ? name.slice(1) : `-${name}`;
  const next = from === name ? turned : from === turned && current !== undefined ? undefined : name;
  return next === usual ? undefined : next;
}

/** Which way a sort goes by this column. */
export function orderOf(sort: string | undefined, name: string): 'ascending' | 'descending' | 'none' {
  if (sort === name) return 'ascending';
  return sort === `-${name}` ? 'descending' : 'none';
}
