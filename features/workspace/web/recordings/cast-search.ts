import type { CastEvent } from '@krateyard/terminals/recordings/cast';

/** What was written, without what moves the cursor and colours it, and which event each part came from. */
export interface CastText {
  readonly text: string;
  readonly lower: string;
  /** Where the text of each output event begins, and the event's index; ascending. */
  readonly starts: readonly { readonly at: number; readonly event: number }[];
}

export interface CastMatch {
  /** Index of the event with which the match was complete. */
  readonly event: number;
  /** The line that it stands in, cut to what can be read, and where in it. */
  readonly line: string;
  readonly from: number;
  readonly length: number;
}

export const MOST_MATCHES = 500;
const LINE_CHARS = 120;

/** CSI, OSC and other escape sequences, and control characters but for line ends. */
const ESCAPES =
  // oxlint-disable-next-line no-control-regex -- these are what terminals are told by
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\0-\x09\x0b-\x1f\x7f]/g;

/** The text of a recording's output, made once for many searches. */
export function castText(events: readonly CastEvent[]): CastText {
  const starts: { at: number; event: number }[] = [];
  const parts: string[] = [];
  let at = 0;
  for (const [event, { code, data }] of events.entries()) {
    if (code !== 'o') continue;
    const plain = data.replaceAll(ESCAPES, '');
    if (plain === '') continue;
    starts.push({ at, event });
    parts.push(plain);
    at += plain.length;
  }
  const text = parts.join('');
  const lower = text.toLowerCase();
  // Some letters change their length: then case counts, as places must not shift.
  return { text, lower: lower.length === text.length ? lower : text, starts };
}

/** Where a text was written, case aside; the first `MOST_MATCHES`. */
export function searchCast({ text, lower, starts }: CastText, wanted: string): readonly CastMatch[] {
  const needle = lower === text ? wanted : wanted.toLowerCase();
  const found: CastMatch[] = [];
  if (needle === '') return found;
  let part = 0;
  for (
    let at = lower.indexOf(needle);
    at !== -1 && found.length < MOST_MATCHES;
    at = lower.indexOf(needle, at + needle.length)
  ) {
    const end = at + needle.length - 1;
    while (starts[part + 1] && starts[part + 1]!.at <= end) part += 1;
    found.push({ event: starts[part]!.event, ...lineAround(text, at, needle.length) });
  }
  return found;
}

function lineAround(text: string, at: number, length: number): Omit<CastMatch, 'event'> {
  const begin = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LINE_CHARS / 2);
  const next = text.indexOf('\n', at + length);
  const line = text.slice(begin, Math.min(next === -1 ? text.length : next, begin + LINE_CHARS));
  return { line, from: at - begin, length };
}
