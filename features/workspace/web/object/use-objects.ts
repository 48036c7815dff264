import { useLiveSource } from '@krateyard/ui/live/live-context';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import { truthOf, type Truth } from '@krateyard/ui/live/truth';
import { useCollection } from '@krateyard/ui/live/use-collection';
import { useStore } from '@krateyard/ui/live/use-store';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { Cells } from '@krateyard/ui/table/cells';
import { useCells } from '../use-cells.ts';

export interface FollowedObjects {
  readonly rows: readonly LiveRow[];
  readonly objects: readonly LiveObject[];
  /** Of all that match; more than `rows` where the limit cuts. */
  readonly total: number;
  readonly truth: Truth;
  readonly cells: Cells;
}

/** Follows the objects of a query while mounted: the first 240, or `limit` (at most 1000). */
export function useObjects(
  query: LiveQuery,
  options: { sort?: string; limit?: number } = {},
): FollowedObjects {
  const { sort, limit } = options;
  const socket = useStore(useLiveSource().state);
  const { view } = useCollection(query, sort, limit);
  const cells = useCells(view.head);
  return {
    rows: view.rows,
    objects: view.rows.map(({ object }) => object),
    total: view.total,
    truth: truthOf(socket, view),
    cells,
  };
}
