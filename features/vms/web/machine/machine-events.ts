import type { LiveObject } from '@krateyard/ui/live/live-frames';

/** Something that was said about a machine, the same things as one. */
export interface MachineEvent {
  readonly key: string;
  readonly warning: boolean;
  readonly reason: string;
  readonly message: string;
  /** Whose: `VirtualMachine`, `VirtualMachineInstance`, `Pod`. */
  readonly of: string;
  readonly count: number;
  /** Milliseconds since the epoch; undefined where nobody wrote it down. */
  readonly last: number | undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Newest first. */
export function mergedEvents(events: readonly LiveObject[]): readonly MachineEvent[] {
  const merged = new Map<string, MachineEvent>();
  for (const event of events) {
    const one = factsOf(event);
    const before = merged.get(one.key);
    const last = Math.max(before?.last ?? 0, one.last ?? 0) || undefined;
    merged.set(one.key, { ...one, count: one.count + (before?.count ?? 0), last });
  }
  return [...merged.values()].toSorted((a, b) => (b.last ?? 0) - (a.last ?? 0) || (a.key < b.key ? -1 : 1));
}

function factsOf(event: LiveObject): MachineEvent {
  const about = (event['involvedObject'] ?? {}) as { readonly kind?: unknown };
  const series = (event['series'] ?? {}) as { readonly count?: unknown; readonly lastObservedTime?: unknown };
  const [reason, of] = [textOf(event['reason']), textOf(about.kind)];
  const message = textOf(event['message']) || textOf(event['note']);
  const count = series.count ?? event['count'];
  const times = [
    series.lastObservedTime,
    event['lastTimestamp'],
    event['eventTime'],
    event.metadata['creationTimestamp'],
  ];
  return {
    key: JSON.stringify([of, reason, message]),
    warning: event['type'] === 'Warning',
    reason,
    message,
    of,
    count: typeof count === 'number' ? count : 1,
    last: times.map((time) => Date.parse(textOf(time))).find((time) => !Number.isNaN(time)),
  };
}
