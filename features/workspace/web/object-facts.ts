import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
  readonly word: StatusWord;
}

/** Conditions whose truth is bad news; of all others it is good news. */
const BAD_NEWS = /pressure|fail|unavailable|degraded|terminating|error|stalled|paused|evict/i;

/** The conditions of any object that has some in the usual form; odd ones are left out, never an error. */
export function conditionsOf(object: LiveObject): readonly Condition[] {
  const status = object['status'];
  const listed =
    typeof status === 'object' && status !== null
      ? (status as { conditions?: unknown }).conditions
      : undefined;
  if (!Array.isArray(listed)) return [];
  return (listed as unknown[]).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { type, status, reason, message, lastTransitionTime } = entry as Record<string, unknown>;
    if (typeof type !== 'string') return [];
    const since = typeof lastTransitionTime === 'string' ? Date.parse(lastTransitionTime) : Number.NaN;
    return [
      {
        type,
        status: text(status),
        reason: text(reason),
        message: text(message),
        since: Number.isNaN(since) ? undefined : since,
        word: wordOf(type, text(status)),
      },
    ];
  });
}

function wordOf(type: string, status: string): StatusWord {
  if (status !== 'True' && status !== 'False') return 'Unknown';
  const well = (status === 'True') !== BAD_NEWS.test(type);
  if (well) return 'Running';
  return status === 'True' ? 'Failed' : 'Pending';
}

/** Labels or annotations by name; values that are no text are written as JSON. */
export function pairsOf(map: unknown): readonly [string, string][] {
  if (typeof map !== 'object' || map === null) return [];
  return Object.entries(map as Record<string, unknown>)
    .map(([name, value]): [string, string] => [name, text(value)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
