import { Store } from '../live/store.ts';

/** The zone that times are told in; undefined: the computer's own. Whoever draws times draws anew when it changes. */
export const timeZone = new Store<string | undefined>(undefined);

interface Formats {
  readonly clock: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly dayAndTime: Intl.DateTimeFormat;
}

let formats = formatsIn(undefined);
const counts = new Intl.NumberFormat();

/** Throws RangeError for what is no zone. */
export function setTimeZone(zone: string | undefined): void {
  if (zone === timeZone.get()) return;
  formats = formatsIn(zone);
  timeZone.set(zone);
}

function formatsIn(zone: string | undefined): Formats {
  const shared = { hourCycle: 'h23', ...(zone !== undefined && { timeZone: zone }) } as const;
  const day = { year: 'numeric', month: 'short', day: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit' } as const;
  return {
    clock: new Intl.DateTimeFormat(undefined, { ...shared, ...clock }),
    day: new Intl.DateTimeFormat(undefined, { ...shared, ...day }),
    dayAndTime: new Intl.DateTimeFormat(undefined, {
      ...shared,
      ...day,
      ...clock,
      second: '2-digit',
      // A zone that is not the computer's own is said.
      ...(zone !== undefined && { timeZoneName: 'short' }),
    }),
  };
}

/** `12:03`; with the day when it is not today. */
export function formatClock(timeMs: number, nowMs: number): string {
  const sameDay = formats.day.format(timeMs) === formats.day.format(nowMs);
  return sameDay ? formats.clock.format(timeMs) : formats.dayAndTime.format(timeMs);
}

/** Day and time in the chosen zone; anything that is no time comes back as it is. */
export function formatLocal(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : formats.dayAndTime.format(time);
}

/** The same moment in UTC, for the title of every local time. */
export function formatUtc(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time)
    ? iso
    : `${new Date(time).toISOString().replace('T', ' ').replace('.000Z', '')} UTC`;
}

export function formatCount(count: number): string {
  return counts.format(count);
}
