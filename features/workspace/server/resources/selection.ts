import { matchesFields, parseFieldSelector } from '@krateyard/kube/meta/field-selector';
import { matchesLabels, parseLabelSelector, SelectorSyntaxError } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { Column } from '../../contract/column.ts';

/** Which objects of a kind are meant, as it was asked. */
export interface SelectionQuery {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly search?: string | undefined;
  /** By column name: texts, one of which the cell must contain. */
  readonly where?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Which objects of a kind are meant, ready to be applied. */
export interface Selection {
  /** Equal for equal selections, however they were written. */
  readonly id: string;
  matches(object: KubeObject): boolean;
}

/** Throws StatusError BadRequest, worded as the API server does, for selectors that are none. */
export function parseSelection(query: SelectionQuery, columns: readonly Column[]): Selection {
  const labels = parsed('label', query.labelSelector ?? '', parseLabelSelector);
  const fields = parsed('field', query.fieldSelector ?? '', parseFieldSelector);
  const words = searchWords(query.search ?? '');
  const cells = parseCellFilters(query.where ?? {}, columns);
  return {
    id: JSON.stringify([labels, fields, words, cells]),
    matches: (object) =>
      (labels.length === 0 || matchesLabels(labels, object.metadata.labels)) &&
      (fields.length === 0 || matchesFields(fields, object)) &&
      (words.length === 0 || matchesWords(words, object)) &&
      cells.every((filter) => matchesCell(filter, object)),
  };
}

interface CellFilter {
  readonly column: Column;
  /** Lower case. */
  readonly texts: readonly string[];
}

function parseCellFilters(
  where: Readonly<Record<string, readonly string[]>>,
  columns: readonly Column[],
): readonly CellFilter[] {
  return Object.entries(where).map(([name, texts]) => {
    const column = columns.find((candidate) => candidate.name === name) ?? ownStatus(name, columns);
    if (!column) throw new StatusError('BadRequest', `cannot filter by "${name}": there is no such column`);
    return { column, texts: texts.map((text) => text.toLowerCase()).toSorted() };
  });
}

/** `status` is meant of whatever column tells it: events have a Type, custom kinds a Phase. */
function ownStatus(name: string, columns: readonly Column[]): Column | undefined {
  return name === 'status' ? columns.find(({ type }) => type === 'status') : undefined;
}

function matchesCell({ column, texts }: CellFilter, object: KubeObject): boolean {
  const cell = column.value(object);
  if (cell === null) return false;
  const shown = typeof cell === 'object' ? `${cell.word}\n${cell.text}` : String(cell);
  const found = shown.toLowerCase();
  return texts.some((text) => found.includes(text));
}

/** Words of what an object says of others: events are looked for by these. */
const SAYS = ['reason', 'message', 'note'] as const;

/** All words, in any order; case does not matter. */
function searchWords(search: string): readonly string[] {
  return [...new Set(search.toLowerCase().split(/\s+/))].filter((word) => word !== '').toSorted();
}

function matchesWords(words: readonly string[], object: KubeObject): boolean {
  const { name, namespace, labels } = object.metadata;
  const said = SAYS.map((field) => (object as unknown as Record<string, unknown>)[field]).filter(isText);
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const text = [name, namespace, ...pairs, ...said].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

const isText = (value: unknown): value is string => typeof value === 'string';

function parsed<T extends readonly unknown[]>(
  kind: 'label' | 'field',
  text: string,
  parse: (text: string) => T,
): T {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof SelectorSyntaxError)) throw error;
    throw new StatusError('BadRequest', `unable to parse ${kind} selector "${text}": ${error.message}`, {
      cause: error,
    });
  }
}
