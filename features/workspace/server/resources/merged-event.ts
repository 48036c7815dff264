import { createHash } from 'node:crypto';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { StatusError } from '@krateyard/status/status-error';
import { alikeKey, eventTimes, type AlikeEvents } from '../../contract/alike-events.ts';
import { MOST_TARGETS } from '../../contract/most-targets.ts';
import type { Order, Row } from './order.ts';

/** Events that say the same of the same object, by key; at least one. */
export type Alike = ReadonlyMap<string, KubeObject>;

/** Throws StatusError BadRequest for kinds of which nothing is alike. */
export function requireEvents({ group, resource }: ResourceKind): void {
  if (resource !== 'events' || (group !== '' && group !== 'events.k8s.io'))
    throw new StatusError('BadRequest', `only events can be merged, not ${resource}`);
}

/**
 * Those that are alike as one: named by the oldest, so that it stays the same row while others come, saying what the newest says,
 * with how often in all, first and last, and which they are. One alone stays the object that it is.
 */
export function mergedEvent(alike: Alike): [key: string, object: KubeObject] {
  const oldestFirst = Array.from(alike).toSorted(
    ([aKey, a], [bKey, b]) => madeAt(a).localeCompare(madeAt(b)) || (aKey < bKey ? -1 : aKey > bKey ? 1 : 0),
  );
  const [key, anchor] = oldestFirst[0]!;
  if (alike.size === 1) return [key, anchor];
  const told = oldestFirst
    .map(([, object]) => ({ object, ...eventTimes(object) }))
    .toSorted((a, b) => (a.last ?? 0) - (b.last ?? 0));
  const newest = told.at(-1)!;
  const firsts = told.flatMap(({ first }) => first ?? []);
  const { series: _, ...said } = newest.object as KubeObject & { readonly series?: unknown };
  const merged: KubeObject & MergedFields = {
    ...said,
    metadata: { ...anchor.metadata, resourceVersion: versionOf(told.map(({ object }) => object)) },
    count: told.reduce((sum, one) => sum + one.count, 0),
    ...(firsts.length > 0 && { firstTimestamp: new Date(Math.min(...firsts)).toISOString() }),
    ...(newest.last !== undefined && { lastTimestamp: new Date(newest.last).toISOString() }),
    alike: {
      total: told.length,
      items: told.slice(-MOST_TARGETS).map(({ object: { metadata } }) => ({
        name: metadata.name ?? '',
        ...(metadata.uid !== undefined && { uid: metadata.uid }),
      })),
    },
  };
  return [key, merged];
}

/** All of these in order, those alike as one row. */
export function mergedRows(entries: Iterable<readonly [string, KubeObject]>, order: Order): Row[] {
  const groups = Map.groupBy(entries, ([, object]) => alikeKey(object));
  return [...groups.values()]
    .map((alike) => order.row(...mergedEvent(new Map(alike))))
    .toSorted(order.compare);
}

interface MergedFields {
  readonly count: number;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
  readonly alike: AlikeEvents;
}

const madeAt = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? '';

/** Another one whenever any of them changes, comes or goes; as long for many as for two. */
function versionOf(objects: readonly KubeObject[]): string {
  const hash = createHash('sha256');
  for (const { metadata } of objects)
    hash.update(`${metadata.uid ?? ''} ${metadata.resourceVersion ?? ''}\n`);
  return hash.digest('base64url').slice(0, 22);
}
