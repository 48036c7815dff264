import { useEffect, useMemo, useRef } from 'react';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { followPeople } from '@krateyard/ui/live/people-here';
import type { LiveHead, LiveSource } from '@krateyard/ui/live/live-source';
import { truthOf, type Truth } from '@krateyard/ui/live/truth';
import { useCollection } from '@krateyard/ui/live/use-collection';
import { useStore } from '@krateyard/ui/live/use-store';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import { objectQuery } from '../query-of.ts';
import { useCells } from '../use-cells.ts';

export interface FollowedObject {
  readonly head: LiveHead | undefined;
  readonly truth: Truth;
  /** What is known: the last known state when it is gone. Undefined: nothing is, or it may not be seen any more. */
  readonly object: LiveObject | undefined;
  /** It was deleted; `object` is what it last was. */
  readonly gone: boolean;
  readonly columns: readonly TableColumn[];
  readonly cells: readonly Cell[];
  readonly retry: () => void;
}

const NO_CELLS: readonly Cell[] = [];

/** Follows one object while mounted. */
export function useObject(kind: string, key: string): FollowedObject {
  const source = useLiveSource();
  const socket = useStore(source.state);
  usePeople(source, kind, key);
  const { view, retry } = useCollection(objectQuery(kind, key));
  const truth = truthOf(socket, view);
  const { columns, cellsOf } = useCells(view.head);
  const row = view.rows.find((candidate) => candidate.key === key);
  const last = useRef(row);
  useEffect(() => {
    if (row) last.current = row;
    else if (truth.state === 'lost' || truth.state === 'failed') last.current = undefined;
  });
  const known = row ?? (truth.state === 'lost' ? undefined : last.current);
  const cells = useMemo(() => (known ? cellsOf(known) : NO_CELLS), [cellsOf, known]);
  return {
    head: view.head,
    truth,
    object: known?.object,
    gone: known !== undefined && !row && view.phase === 'ready',
    columns,
    cells,
    retry,
  };
}

/** Others who have it open see that this person has, and the other way round. */
function usePeople(source: LiveSource, kind: string, key: string): void {
  useEffect(() => {
    const slash = key.indexOf('/');
    const namespace = slash === -1 ? undefined : key.slice(0, slash);
    return followPeople(source, { kind, namespace, name: key.slice(slash + 1) });
  }, [source, kind, key]);
}
