import { textAt } from '../../../contract/columns/read.ts';
import type { LiveObject } from '@krateyard/ui/live/live-frames';

/** One state of an object, as it was seen. */
export interface SeenVersion {
  /** Counts from 1, over what is no longer kept too. */
  readonly number: number;
  /** When it was seen; milliseconds since the epoch. */
  readonly at: number;
  readonly object: LiveObject;
  /** The field manager that wrote last, where it is known. */
  readonly who?: string;
  /** The object was deleted: `object` is what it last was. */
  readonly deleted?: boolean;
}

/** What was seen of one object, oldest first. */
export interface ChangeHistory {
  readonly versions: readonly SeenVersion[];
  /** Older ones that went, as only so many are kept. */
  readonly dropped: number;
}

export const MAX_VERSIONS = 50;
/** Of all versions of an object together, as JSON; of a large one only the newest few are kept, but two at least. */
export const MAX_LENGTH = 8_000_000;

export const NO_HISTORY: ChangeHistory = { versions: [], dropped: 0 };

const lengths = new WeakMap<LiveObject, number>();

/** The history with this state, unless it is the last one. */
export function seen(history: ChangeHistory, object: LiveObject, at: number, deleted = false): ChangeHistory {
  const last = history.versions.at(-1);
  const same = last && versionOf(last.object) === versionOf(object);
  if (same && (last.deleted ?? false) === deleted) return history;
  const number = (last?.number ?? 0) + 1;
  const versions = [...history.versions, { number, at, object, ...(deleted && { deleted }) }];
  const kept = newestThatFit(versions);
  return { versions: kept, dropped: history.dropped + versions.length - kept.length };
}

/** Who wrote the version, told later. */
export function attributed(history: ChangeHistory, resourceVersion: string, who: string): ChangeHistory {
  const versions = history.versions.map((one) =>
    versionOf(one.object) === resourceVersion && one.who === undefined ? { ...one, who } : one,
  );
  return { ...history, versions };
}

export const versionOf = (object: LiveObject): string => textAt(object, 'metadata', 'resourceVersion') ?? '';

function newestThatFit(versions: readonly SeenVersion[]): readonly SeenVersion[] {
  let length = 0;
  let from = versions.length;
  while (from > 0 && versions.length - from < MAX_VERSIONS) {
    length += lengthOf(versions[from - 1]!.object);
    if (length > MAX_LENGTH && versions.length - from >= 2) break;
    from -= 1;
  }
  return versions.slice(from);
}

function lengthOf(object: LiveObject): number {
  const known = lengths.get(object) ?? JSON.stringify(object).length;
  lengths.set(object, known);
  return known;
}
