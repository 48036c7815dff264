const clockTime = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const counts = new Intl.NumberFormat();

/** `12:03`, local; with the day when it is not today. */
export function formatClock(timeMs: number, nowMs: number): string {
  const sameDay = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? clockTime.format(timeMs) : dayAndTime.format(timeMs);
}

/** Local day and time; anything that is no time comes back as it is. */
export function formatLocal(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : dayAndTime.format(time);
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
