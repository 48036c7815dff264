import type { LiveRow } from '../live/live-collection.ts';
import type { MenuPlace } from '../parts/menu.tsx';
import type { Cell, TableColumn } from './table-column.ts';
import type { Selection } from './table-selection.ts';
import type { Range } from './table-window.ts';

export interface TableProps {
  /** Says what is listed, to screen readers. */
  readonly label: string;
  readonly columns: readonly TableColumn[];
  /** Pure and fast; called for rows on screen. */
  readonly cellsOf: (row: LiveRow) => readonly Cell[];
  /** The loaded rows stand at `offset` among `total`. */
  readonly rows: readonly LiveRow[];
  readonly offset: number;
  readonly total: number;
  readonly window: Range;
  readonly onWindow: (range: Range) => void;
  readonly sort: string | undefined;
  readonly onSort: (name: string) => void;
  /** Called with true while the pointer rests on the rows. */
  readonly onHold: (held: boolean) => void;
  /** The open row. */
  readonly openKey: string | undefined;
  readonly onOpen: (row: LiveRow) => void;
  /** What is shown is not current: drawn subdued. */
  readonly stale: boolean;
  /** Names what is listed and in which order: another starts at the top. */
  readonly place: string;
  /** Two-line list for narrow screens. */
  readonly compact: boolean;
  /** What is chosen; absent: nothing can be. */
  readonly selection?: Selection | undefined;
  readonly onSelection?: ((selection: Selection) => void) | undefined;
  /** Told whenever the row of the keys is another. */
  readonly onCursor?: ((row: LiveRow | undefined) => void) | undefined;
  /** Opens the row's menu; `done` gives the focus back to the table. */
  readonly onMenu?: ((row: LiveRow, place: MenuPlace, done: () => void) => void) | undefined;
}
