import { useMemo } from 'react';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { LiveHead } from '@krateyard/ui/live/live-source';
import type { Cells } from '@krateyard/ui/table/cells';
import type { Cell } from '@krateyard/ui/table/table-column';
import type { Column } from '../contract/column.ts';
import type { ColumnInfo } from '../contract/column-info.ts';
import { bindColumns, cellsOf } from '../contract/columns.ts';

const NONE: Cells = { columns: [], cellsOf: () => [] };

/** The columns that the server told of, bound to the contract's readers. Cells are made once for each state of an object. */
export function useCells(head: LiveHead | undefined): Cells {
  const signature = head && JSON.stringify([head.kind, head.columns]);
  return useMemo(() => {
    if (!head) return NONE;
    const columns = bindColumns(head.kind, head.columns as readonly ColumnInfo[]);
    const made = new WeakMap<LiveObject, readonly Cell[]>();
    return {
      columns,
      cellsOf: ({ object }) => {
        const known = made.get(object) ?? readCells(columns, object);
        made.set(object, known);
        return known;
      },
    };
    // oxlint-disable-next-line react/exhaustive-deps -- the signature is what the head says
  }, [signature]);
}

/** A column that cannot be read (an object of a shape nobody foresaw) is empty; the other columns show. */
function readCells(columns: readonly Column[], object: LiveObject): readonly Cell[] {
  try {
    return cellsOf(columns, object as KubeObject);
  } catch {
    return columns.map((column) => (column.name === 'name' ? (object.metadata.name ?? '') : null));
  }
}
