import { parseQuantity } from '@krateyard/kube/meta/quantity';
import type { CellValue } from './column.ts';
import type { ColumnType } from './column-info.ts';
import { statusRank, type StatusCell } from './status-word.ts';

/** A cell reduced to what it is compared by; equal reductions are equal places in the order. Null sorts last, either way round. */
export function sortKeyOf(type: ColumnType, cell: CellValue): string | number | null {
  if (cell === null) return null;
  switch (type) {
    case 'text':
      return typeof cell === 'object' ? cell.text : String(cell);
    case 'number':
    case 'date':
      return typeof cell === 'number' ? cell : nullIfNaN(Number(cell));
    case 'quantity':
      return quantityKey(cell as string | number);
    case 'status': {
      const { word, text } = cell as StatusCell;
      return `${statusRank(word)} ${text}`;
    }
  }
}

/** Order of two reduced cells. `descending` turns everything round but the nulls. */
export function compareSortKeys(
  a: string | number | null,
  b: string | number | null,
  descending: boolean,
): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  const ascending = a < b ? -1 : 1;
  return descending ? -ascending : ascending;
}

function nullIfNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** In units of 10⁻⁹; rounding to a double keeps order but for sizes that differ in their 16th digit. */
function quantityKey(text: string | number): number | null {
  const quantity = parseQuantity(text);
  return quantity === undefined ? null : Number(quantity.nano);
}
