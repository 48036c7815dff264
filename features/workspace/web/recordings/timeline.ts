import type { CastEvent } from '@krateyard/terminals/recordings/cast';

/** Longest silence that is played when idle times are skipped. */
export const IDLE_MS = 1_500;

/** An event, and when it is played; `atMs` is when it happened. */
export interface TimedEvent extends CastEvent {
  readonly playMs: number;
}

/** When each event is played: when it happened, or with long silences cut short. In order. */
export function timelineOf(events: readonly CastEvent[], skipIdle: boolean): readonly TimedEvent[] {
  let cut = 0;
  let last = 0;
  return events.map((event) => {
    const silence = event.atMs - last;
    if (skipIdle && silence > IDLE_MS) cut += silence - IDLE_MS;
    last = event.atMs;
    return { ...event, playMs: event.atMs - cut };
  });
}

/** Index of the first event that is played after this moment. */
export function firstAfter(events: readonly TimedEvent[], playMs: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]!.playMs <= playMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same moment in another timeline of the same events: after as many of them. */
export function sameMoment(from: readonly TimedEvent[], to: readonly TimedEvent[], playMs: number): number {
  const next = firstAfter(from, playMs);
  const [before, after] = [from[next - 1], to[next - 1]];
  if (!before || !after) return Math.min(playMs, to[0]?.playMs ?? 0);
  const since = playMs - before.playMs;
  return Math.min(after.playMs + since, to[next]?.playMs ?? after.playMs);
}
