import { setImmediate as turn } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { dump } from 'js-yaml';
import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { CellValue, Column } from '../../contract/column.ts';
import type { ListSpec } from './list-body.ts';

export type ExportFormat = 'yaml' | 'csv';

/** Some 30 MB of YAML: more is not read by people, and kubectl writes it as well. */
export const MOST_EXPORTED = 10_000;
/** Written between two turns of the event loop, characters. */
const CHUNK = 32 * 1024;

/** Documents or lines, made while they are sent; the last line of YAML says how many did not fit. */
export function exportStream(
  format: ExportFormat,
  objects: readonly KubeObject[],
  { kind }: Pick<ListSpec, 'kind'>,
  columns: readonly Column[],
  leftOut: number,
): Readable {
  const typed = (object: KubeObject): KubeObject => ({
    apiVersion: formatGroupVersion(kind),
    kind: kind.kind,
    ...object,
  });
  const pieces = format === 'yaml' ? yamlPieces(objects, typed, leftOut) : csvPieces(objects, columns);
  return Readable.from(chunks(pieces), { objectMode: false });
}

async function* chunks(pieces: Iterable<string>): AsyncGenerator<string> {
  let held = '';
  for (const piece of pieces) {
    held += piece;
    if (held.length < CHUNK) continue;
    yield held;
    held = '';
    await turn();
  }
  if (held !== '') yield held;
}

function* yamlPieces(
  objects: readonly KubeObject[],
  typed: (object: KubeObject) => KubeObject,
  leftOut: number,
): Iterable<string> {
  for (const object of objects) yield `---\n${dump(typed(object), { lineWidth: -1, noRefs: true })}`;
  if (leftOut > 0) yield `# ${leftOut} more match and are not here: narrow the filter.\n`;
}

function* csvPieces(objects: readonly KubeObject[], columns: readonly Column[]): Iterable<string> {
  yield csvLine(columns.map(({ title }) => title));
  for (const object of objects) yield csvLine(columns.map((column) => csvText(column.value(object))));
}

function csvText(cell: CellValue): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? cell.text : String(cell);
}

/** RFC 4180. A text that a spreadsheet would take for a formula is quoted so that it is none. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Dates as ISO 8601, all other columns as they are. */
export function exportColumns(columns: readonly Column[], chosen: readonly string[]): readonly Column[] {
  const wanted = chosen.length === 0 ? columns : columns.filter(({ name }) => chosen.includes(name));
  return wanted.map((column) =>
    column.type === 'date'
      ? { ...column, value: (object: KubeObject) => isoOf(column.value(object)) }
      : column,
  );
}

const isoOf = (cell: CellValue): CellValue =>
  typeof cell === 'number' && Math.abs(cell) < 8.64e15 ? new Date(cell).toISOString() : cell;
