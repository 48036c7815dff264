import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { Column } from '../../contract/column.ts';
import { compareSortKeys, sortKeyOf } from '../../contract/compare-cells.ts';

/** An object in its place. */
export interface Row {
  readonly key: string;
  readonly object: KubeObject;
  readonly sortKey: string | number | null;
}

/** A total order of objects: by a column, then by key, so that equal cells have one order everywhere. */
export interface Order {
  readonly id: string;
  readonly row: (key: string, object: KubeObject) => Row;
  readonly compare: (a: Row, b: Row) => number;
  /** The place hangs on more than the object: rows are made anew after each look of the meter. */
  readonly measured?: true;
}

/** `sort`: a column name, descending with a leading minus. Throws StatusError BadRequest when the kind has no such column. */
export function parseOrder(sort: string | undefined, columns: readonly Column[]): Order {
  const descending = sort?.startsWith('-') ?? false;
  const name = sort === undefined || sort === '' ? 'name' : sort.slice(descending ? 1 : 0);
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) {
    const known = columns.map((candidate) => candidate.name).join(', ');
    throw new StatusError('BadRequest', `cannot sort by "${name}": the columns are ${known}`);
  }
  return {
    // Where a CRD is edited, the same name may come to mean another place of the object.
    id: `${descending ? '-' : ''}${name}${column.jsonPath === undefined ? '' : ` ${column.jsonPath}`}`,
    row: (key, object) => ({ key, object, sortKey: sortKeyOf(column.type, column.value(object)) }),
    compare: compareRows(descending),
  };
}

/** Nulls last, equal places by key. */
export function compareRows(descending: boolean): Order['compare'] {
  return (a, b) =>
    compareSortKeys(a.sortKey, b.sortKey, descending) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
