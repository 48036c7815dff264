import { at, dateAt, numberAt, textAt } from './columns/read.ts';

/** What one event, of either API group, says of how often and when. Milliseconds since the epoch; undefined where nobody wrote it down. */
export interface EventTimes {
  readonly count: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

export function eventTimes(event: unknown): EventTimes {
  const made = dateAt(event, 'metadata', 'creationTimestamp') ?? undefined;
  const at = dateAt(event, 'eventTime') ?? made;
  return {
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    first: dateAt(event, 'firstTimestamp') ?? at,
    last: dateAt(event, 'series', 'lastObservedTime') ?? dateAt(event, 'lastTimestamp') ?? at,
  };
}

/** Equal for events that say the same, of whatever object: type, reason, source and words, numbers and names with digits aside. */
export function wordsOf(event: unknown): string {
  const message = textAt(event, 'message') ?? textAt(event, 'note') ?? '';
  return JSON.stringify([
    textAt(event, 'type') ?? 'Normal',
    textAt(event, 'reason') ?? '',
    textAt(event, 'source', 'component') || textAt(event, 'reportingComponent') || '',
    message.replaceAll(/\b[0-9a-f]{6,}\b|\d+/gi, '#'),
  ]);
}

/** Equal for events that say the same of the same object. */
export function alikeKey(event: unknown): string {
  const about = at(event, 'involvedObject') ?? at(event, 'regarding');
  const subject = ['kind', 'namespace', 'name', 'uid'].map((field) => textAt(about, field) ?? '');
  return JSON.stringify([textAt(event, 'metadata', 'namespace') ?? '', subject, wordsOf(event)]);
}

/** Beside what a merged row says: which events it stands for. */
export interface AlikeEvents {
  /** At least two. */
  readonly total: number;
  /** The last seen last; of more than can be acted on at once, the latest. */
  readonly items: readonly { readonly name: string; readonly uid?: string | undefined }[];
}

/** What a merged row stands for; undefined of one event alone, and of what is no event. */
export function alikeOf(row: unknown): AlikeEvents | undefined {
  const alike = at(row, 'alike') as AlikeEvents | undefined;
  return typeof alike?.total === 'number' && Array.isArray(alike.items) ? alike : undefined;
}
