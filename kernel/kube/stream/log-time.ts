/** `2026-11-21T14:00:00.123456789Z`: what `normalTime` gives. As texts they sort by time. */
const NORMAL_LENGTH = 30;

const WRITTEN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A time as kubelets write it (RFC 3339 with up to nanoseconds, in the node's zone) in the one form that is compared as text:
 * UTC with nine digits. Undefined for what is no time.
 */
export function normalTime(text: string): string | undefined {
  if (text.length === NORMAL_LENGTH && text.endsWith('Z') && text.charCodeAt(19) === 46) {
    return WRITTEN.test(text) ? text : undefined;
  }
  const match = WRITTEN.exec(text);
  if (!match) return undefined;
  const [, seconds, fraction = '', zone] = match;
  const epochMs = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(epochMs)) return undefined;
  return `${new Date(epochMs).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

/** Milliseconds since the epoch of a normal time, with a fraction. */
export function timeToMs(time: string): number {
  return Date.parse(`${time.slice(0, 19)}Z`) + Number(time.slice(20, 29)) / 1e6;
}

/** The normal time of milliseconds since the epoch; what is finer than a microsecond is lost in the number already. */
export function msToTime(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const nanos = String(Math.round((ms - whole * 1000) * 1000) * 1000).padStart(9, '0');
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${nanos.length > 9 ? '999999999' : nanos}Z`;
}

/** The second that a normal time falls into, `2026-11-21T14:00:00Z`, moved by whole seconds: what `sinceTime` can say. */
export function secondOf(time: string, moveSeconds = 0): string {
  const second = `${time.slice(0, 19)}Z`;
  if (moveSeconds === 0) return second;
  return `${new Date(Date.parse(second) + moveSeconds * 1000).toISOString().slice(0, 19)}Z`;
}
