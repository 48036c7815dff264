import { useMemo } from 'react';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import { alikeKey, eventTimes } from '../../contract/alike-events.ts';
import { useObjects, type FollowedObjects } from '../object/use-objects.ts';
import { alikeQuery } from '../query-of.ts';

/** Of one object and for one reason: more are no help to anybody. */
const MOST_ALIKE = 300;

export interface FollowedAlike extends Pick<FollowedObjects, 'cells' | 'truth'> {
  /** The last seen first. */
  readonly rows: readonly LiveRow[];
  /** There may be more than `rows`, older ones. */
  readonly more: boolean;
  /** How often in all; milliseconds since the epoch, undefined where nobody wrote it down. */
  readonly count: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

/** Follows the events that a row of the table of `query` stands for. */
export function useAlikeEvents(query: LiveQuery, event: LiveObject): FollowedAlike {
  const same = alikeKey(event);
  // oxlint-disable-next-line react/exhaustive-deps -- what an event says is what its likes are found by
  const asked = useMemo(() => alikeQuery(query, event), [query, same]);
  const { rows: found, total, cells, truth } = useObjects(asked, { sort: '-last-seen', limit: MOST_ALIKE });
  const rows = found.filter(({ object }) => alikeKey(object) === same);
  const times = rows.map(({ object }) => eventTimes(object));
  const firsts = times.flatMap(({ first }) => first ?? []);
  return {
    rows,
    more: total > found.length,
    count: times.reduce((sum, { count }) => sum + count, 0),
    first: firsts.length === 0 ? undefined : Math.min(...firsts),
    last: times[0]?.last,
    cells,
    truth,
  };
}
