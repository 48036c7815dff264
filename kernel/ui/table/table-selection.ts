import type { LiveRow } from '../live/live-collection.ts';

/** What is chosen: rows by key, also such as are not loaded any more. Never changed, only made anew. */
export type Selection = ReadonlyMap<string, LiveRow>;

export const NOTHING_CHOSEN: Selection = new Map();

/** Chooses the row, or lets it go. */
export function toggled(selection: Selection, row: LiveRow): Selection {
  const next = new Map(selection);
  if (!next.delete(row.key)) next.set(row.key, row);
  return next;
}

/** With every row from one place to the other, as far as they are loaded. Places count from the first loaded row. */
export function extended(
  selection: Selection,
  rows: readonly LiveRow[],
  from: number,
  to: number,
): Selection {
  const [first, last] = from < to ? [from, to] : [to, from];
  const range = rows.slice(Math.max(0, first), last + 1).filter(({ gone }) => !gone);
  return new Map([...selection, ...range.map((row) => [row.key, row] as const)]);
}

/** All loaded rows, or none of them where all are chosen already. */
export function toggledAll(selection: Selection, rows: readonly LiveRow[]): Selection {
  const here = rows.filter(({ gone }) => !gone);
  if (!here.every(({ key }) => selection.has(key))) {
    return new Map([...selection, ...here.map((row) => [row.key, row] as const)]);
  }
  const next = new Map(selection);
  for (const { key } of here) next.delete(key);
  return next;
}

/** With the present states of rows that are loaded: an action must not go by what a row once was. */
export function refreshed(selection: Selection, rows: readonly LiveRow[]): readonly LiveRow[] {
  const now = new Map(rows.filter(({ gone }) => !gone).map((row) => [row.key, row]));
  return [...selection.values()].map((row) => now.get(row.key) ?? row);
}
