import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ColumnInfo } from './column-info.ts';
import type { StatusCell } from './status-word.ts';

/**
 * What stands in one place of a table. By column type: `text` a string, `number` a number, `date` milliseconds since the epoch,
 * `quantity` the API's own text (`500Mi`), `status` a StatusCell. Null where the object has nothing to show.
 */
export type CellValue = string | number | StatusCell | null;

/** A column that can be read. Pure: the same object gives the same cell on the server and in the browser. */
export interface Column extends ColumnInfo {
  readonly value: (object: KubeObject) => CellValue;
}
