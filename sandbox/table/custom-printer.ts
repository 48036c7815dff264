import { readJsonPath } from '@krateyard/kube/meta/json-path';

import type { PrinterColumn } from '../api/resource-definition.ts';
import { ageOf, columnsOf, nameOf, since, type Cell, type Printer, type TableColumn } from './printer.ts';

/** Columns of a kind that says nothing of how it is printed. */
export const plainPrinter: Printer = {
  columns: columnsOf('Name', 'Age'),
  cells: (object, nowMs) => [nameOf(object), ageOf(object, nowMs)],
};

/** The name, then the columns that a CustomResourceDefinition asks for; name and age where it asks for none. */
export function customPrinter(columns: readonly PrinterColumn[]): Printer {
  if (columns.length === 0) return plainPrinter;
  const readers = columns.map((column) => readJsonPath(column.jsonPath));
  return {
    columns: [...columnsOf('Name'), ...columns.map(tableColumn)],
    cells: (object, nowMs) => [
      nameOf(object),
      ...columns.map((column, index) => cellOf(column, readers[index]!(object), nowMs)),
    ],
  };
}

const tableColumn = (column: PrinterColumn): TableColumn => ({
  name: column.name,
  type: column.type,
  format: column.format ?? '',
  description: column.description ?? '',
  priority: column.priority ?? 0,
});

/** null where the path leads nowhere or to a value that the column's type cannot show. */
function cellOf(column: PrinterColumn, found: readonly unknown[], nowMs: number): Cell {
  const present = found.filter((value) => value !== undefined && value !== null);
  const [value] = present;
  if (value === undefined) return null;
  switch (column.type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return since(value, nowMs);
    default:
      return present.map(textOf).join(',');
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
