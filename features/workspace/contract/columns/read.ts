import type { KubeObject } from '@krateyard/kube/meta/object';
import type { CellValue, Column } from '../column.ts';
import type { ColumnType } from '../column-info.ts';
import type { StatusCell, StatusWord } from '../status-word.ts';

/** Any JSON with fields; what an object's `spec` and `status` are before they are known. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value at a path of names, or undefined where the way ends. Never throws, whatever the object is. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Fields)[name];
  }
  return here;
}

export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : null;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : null;
}

/** Milliseconds since the epoch of the timestamp at the path. */
export function dateAt(value: unknown, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  const parsed = typeof found === 'string' ? Date.parse(found) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  const found = at(value, ...path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Fields) : {};
}

/** Comma-separated, null when there is nothing. */
export function joined(parts: readonly (string | null | undefined)[]): string | null {
  const present = parts.filter((part): part is string => part !== null && part !== undefined && part !== '');
  return present.length === 0 ? null : present.join(',');
}

export function status(word: StatusWord, text: string): StatusCell {
  return { word, text };
}

/** The status of the condition of this type: 'True', 'False', 'Unknown', or undefined. */
export function conditionStatus(object: KubeObject, type: string): string | undefined {
  const found = listAt(object, 'status', 'conditions').find((condition) => at(condition, 'type') === type);
  return textAt(found, 'status') ?? undefined;
}

/** A column from its title; its name is the title in lower case with dashes. `wide` ones give way when room is short. */
export function column(
  title: string,
  type: ColumnType,
  value: (object: KubeObject) => CellValue,
  options: { wide?: boolean; description?: string } = {},
): Column {
  return {
    name: title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    title,
    type,
    priority: options.wide ? 1 : 0,
    ...(options.description !== undefined && { description: options.description }),
    value,
  };
}

export const nameColumn = column('Name', 'text', (object) => object.metadata.name ?? null);
export const namespaceColumn = column('Namespace', 'text', (object) => object.metadata.namespace ?? null);
export const ageColumn = column('Age', 'date', (object) => dateAt(object, 'metadata', 'creationTimestamp'));
