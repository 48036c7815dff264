import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { eventTimes, wordsOf } from '../../../contract/alike-events.ts';
import { at, textAt } from '../../../contract/columns/read.ts';

/** What was said about an object, the same things said again as one. */
export interface MergedEvent {
  readonly key: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly source: string;
  readonly count: number;
  /** Milliseconds since the epoch; undefined where nobody wrote it down. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** The API server still has it. */
  readonly known: boolean;
}

/** More of one object than anybody reads; the oldest go. */
export const MAX_EVENTS = 300;

/** What is remembered of one event object: counts of one never go down while the page is open. */
interface Remembered {
  readonly event: LiveObject;
  readonly known: boolean;
}

/** The events of one object, by uid, over time: what the API server forgets is kept and marked. */
export type EventMemory = ReadonlyMap<string, Remembered>;

export function remember(memory: EventMemory, now: readonly LiveObject[]): EventMemory {
  const next = new Map<string, Remembered>();
  for (const [uid, { event }] of memory) next.set(uid, { event, known: false });
  for (const event of now) next.set(event.metadata.uid ?? event.metadata.name ?? '', { event, known: true });
  if (next.size <= MAX_EVENTS) return next;
  const newest = Array.from(next).toSorted(([, a], [, b]) => (lastOf(b.event) ?? 0) - (lastOf(a.event) ?? 0));
  return new Map(newest.slice(0, MAX_EVENTS));
}

/** Events of the same type, reason, source and words (numbers and names aside) as one; newest first. */
export function mergedEvents(memory: EventMemory): readonly MergedEvent[] {
  const merged = new Map<string, MergedEvent>();
  for (const { event, known } of memory.values()) {
    const one = factsOf(event, known);
    const before = merged.get(one.key);
    merged.set(one.key, before ? together(before, one) : one);
  }
  return [...merged.values()].toSorted((a, b) => (b.last ?? 0) - (a.last ?? 0) || (a.key < b.key ? -1 : 1));
}

function together(a: MergedEvent, b: MergedEvent): MergedEvent {
  const newer = (b.last ?? 0) >= (a.last ?? 0) ? b : a;
  return {
    ...newer,
    count: a.count + b.count,
    first: least(a.first, b.first),
    last: newer.last,
    known: a.known || b.known,
  };
}

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);

function factsOf(event: LiveObject, known: boolean): MergedEvent {
  return {
    key: wordsOf(event),
    type: textAt(event, 'type') ?? 'Normal',
    reason: textAt(event, 'reason') ?? '',
    message: textAt(event, 'message') ?? textAt(event, 'note') ?? '',
    source: textAt(event, 'source', 'component') || textAt(event, 'reportingComponent') || '',
    ...eventTimes(event),
    known,
  };
}

const lastOf = (event: LiveObject): number | undefined => eventTimes(event).last;

/** Which events speak of an object: a field selector. A node's kubelet knows no uid of it, so the name has to do. */
export function eventSelector(kind: string, name: string): string {
  const escaped = name.replaceAll(/[\\,=]/g, '\\$&');
  return `involvedObject.kind=${kind},involvedObject.name=${escaped}`;
}

/** A namesake that was deleted before has events too: they are of another uid. */
export function isAbout(event: LiveObject, uid: string | undefined): boolean {
  const about = at(event, 'involvedObject', 'uid');
  return (
    typeof about !== 'string' || about === '' || uid === undefined || about === uid || !about.includes('-')
  );
}
