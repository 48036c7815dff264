/** How times are drawn before lines. */
export type TimeStyle = 'off' | 'local' | 'utc';

const FRACTION = /\.(\d+)/;

/** `14:03:59.123`, of the day that the line is from; all of it stands in `fullTime`. Anything that is no time stays as it is. */
export function lineTime(at: string, style: TimeStyle): string {
  const time = new Date(at);
  if (style === 'off' || Number.isNaN(time.getTime())) return style === 'off' ? '' : at;
  const [hours, minutes, seconds] =
    style === 'utc'
      ? [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()]
      : [time.getHours(), time.getMinutes(), time.getSeconds()];
  const two = (part: number): string => String(part).padStart(2, '0');
  const millis = (FRACTION.exec(at)?.[1] ?? '').slice(0, 3).padEnd(3, '0');
  return `${two(hours)}:${two(minutes)}:${two(seconds)}.${millis}`;
}

/** With the day and every digit: `2026-11-21 14:03:59.123456789`, and for UTC a `Z`. */
export function fullTime(at: string, style: TimeStyle): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  const fraction = FRACTION.exec(at)?.[1] ?? '';
  const shifted = style === 'utc' ? time : new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  const whole = shifted.toISOString().slice(0, 19).replace('T', ' ');
  return `${whole}${fraction && `.${fraction}`}${style === 'utc' ? 'Z' : ''}`;
}
