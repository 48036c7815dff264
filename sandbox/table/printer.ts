import { humanDuration } from '@krateyard/kube/meta/human-duration';
import type { KubeObject } from '@krateyard/kube/meta/object';

import { objectAt, textAt } from '../schema/json-access.ts';
import type { JsonObject } from '../schema/schema-node.ts';

export type Cell = string | number | boolean | null;

/** A column of a `meta.k8s.io/v1` Table; priority 1 shows only in wide output. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** How one kind is printed: as many cells as columns. */
export interface Printer {
  readonly columns: readonly TableColumn[];
  cells(object: KubeObject, nowMs: number): Cell[];
}

const TYPES: Readonly<Record<string, string>> = { '#': 'integer', '?': 'boolean', '@': 'date' };

/**
 * Columns from short notes: `Name` is the object's name, `#` before a name makes integers, `?` booleans, `@` dates,
 * `+` a column of wide output.
 */
export function columnsOf(...notes: string[]): TableColumn[] {
  return notes.map((note) => {
    const wide = note.startsWith('+');
    const [, sign, name] = /^\+?([#?@]?)(.*)$/.exec(note) as unknown as [string, string, string];
    return {
      name,
      type: TYPES[sign] ?? 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: wide ? 1 : 0,
    };
  });
}

export const nameOf = (object: KubeObject): string => object.metadata.name ?? '';

export const ageOf = (object: KubeObject, nowMs: number): string =>
  since(object.metadata.creationTimestamp, nowMs);

export function since(timestamp: unknown, nowMs: number): string {
  const ms = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(ms) ? '<unknown>' : humanDuration(nowMs - ms);
}

export const specOf = (object: JsonObject): JsonObject => objectAt(object, 'spec') ?? {};

export const statusOf = (object: JsonObject): JsonObject => objectAt(object, 'status') ?? {};

/** An integer field, 0 where it is absent. */
export function countAt(object: JsonObject | undefined, key: string): number {
  const value = object?.[key];
  return typeof value === 'number' ? value : 0;
}

export const textOr = (object: JsonObject | undefined, key: string, otherwise: string): string =>
  textAt(object, key) || otherwise;

export const sizeOf = (object: JsonObject | undefined): number => Object.keys(object ?? {}).length;

/** `a=b,c=d`, `<none>` for an empty map. */
export function formatLabels(labels: JsonObject | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

/** A label selector in kubectl's notation. */
export function formatSelector(selector: unknown): string {
  const of = (selector ?? {}) as { matchLabels?: JsonObject; matchExpressions?: JsonObject[] };
  const labels = Object.entries(of.matchLabels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  const terms = [...labels.sort(), ...(of.matchExpressions ?? []).map(formatExpression)];
  return terms.length === 0 ? '<none>' : terms.join(',');
}

function formatExpression(expression: JsonObject): string {
  const key = String(expression['key']);
  const values = `(${((expression['values'] as string[] | undefined) ?? []).toSorted().join(',')})`;
  switch (expression['operator']) {
    case 'In':
      return `${key} in ${values}`;
    case 'NotIn':
      return `${key} notin ${values}`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}

/** The first three, and how many more there are. */
export function abbreviated(list: readonly string[], empty = '<unset>'): string {
  if (list.length === 0) return empty;
  const shown = list.slice(0, 3).join(',');
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown;
}
