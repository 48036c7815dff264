import { normalTime } from './log-time.ts';

/** One line of a container's log, or a part of a long one. */
export interface RawLine {
  /** A normal time; '' for words of the kubelet itself, which it does not stamp. */
  readonly at: string;
  readonly text: string;
  /** The line goes on in the next one. */
  readonly more: boolean;
}

/** Bytes of text in one line; what is longer comes in parts. The container runtime cuts its own records there too. */
export const MAX_LINE_BYTES = 16_384;

/** Longer than any stamp with its space. */
const MAX_STAMP_BYTES = 64;
const LF = 10;
const SPACE = 32;

/**
 * Cuts the bytes of `pods/log?timestamps=true` into lines. However the bytes come in chunks, the lines are the same. Holds at
 * most one part of a line. Bytes that are no UTF-8 become U+FFFD; a carriage return before the newline is dropped, others stay.
 */
export class LogLines {
  /** Bytes of a line whose end has not come; after a part was given, those behind it. */
  #rest: Buffer = EMPTY;
  /** The stamp of the line whose first parts have been given. */
  #openAt: string | undefined;

  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = [];
    let from = 0;
    if (this.#rest.length > 0 || this.#openAt !== undefined) {
      const end = chunk.indexOf(LF);
      from = end === -1 ? chunk.length : end + 1;
      this.#goOn(chunk.subarray(0, end === -1 ? chunk.length : end), end !== -1, lines);
    }
    while (from < chunk.length) from = this.#block(chunk, from, lines);
    return lines;
  }

  /** What is left when the stream has ended: a last line without a newline. */
  end(): RawLine[] {
    const lines: RawLine[] = [];
    if (this.#rest.length > 0 || this.#openAt !== undefined) this.#goOn(EMPTY, true, lines);
    return lines;
  }

  /** Takes whole lines of at most MAX_LINE_BYTES together, or one long line's beginning. */
  #block(chunk: Buffer, from: number, lines: RawLine[]): number {
    const last = chunk.lastIndexOf(LF, from + MAX_LINE_BYTES - 1);
    if (last >= from) {
      pushShort(chunk.toString('utf8', from, last), lines);
      return last + 1;
    }
    const end = chunk.indexOf(LF, from);
    const to = end === -1 ? chunk.length : end;
    this.#goOn(chunk.subarray(from, to), end !== -1, lines);
    return end === -1 ? to : to + 1;
  }

  #goOn(bytes: Buffer, ended: boolean, lines: RawLine[]): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    if (this.#openAt === undefined) {
      if (!ended && rest.length < MAX_STAMP_BYTES) return void (this.#rest = Buffer.from(rest));
      const { at, from } = stampOf(rest);
      this.#openAt = at;
      rest = rest.subarray(from);
    }
    while (rest.length > MAX_LINE_BYTES) {
      const cut = characterStart(rest, MAX_LINE_BYTES);
      lines.push({ at: this.#openAt, text: rest.toString('utf8', 0, cut), more: true });
      rest = rest.subarray(cut);
    }
    if (!ended) return void (this.#rest = Buffer.from(rest));
    lines.push({ at: this.#openAt, text: withoutReturn(rest.toString('utf8')), more: false });
    this.#rest = EMPTY;
    this.#openAt = undefined;
  }
}

const EMPTY = Buffer.alloc(0);

/** The text of one or several whole lines, without the last newline. */
function pushShort(text: string, lines: RawLine[]): void {
  let from = 0;
  while (from <= text.length) {
    let end = text.indexOf('\n', from);
    if (end === -1) end = text.length;
    lines.push(shortLine(text, from, end));
    from = end + 1;
  }
}

function shortLine(text: string, from: number, end: number): RawLine {
  const to = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  // The form that nodes in UTC write: `2026-11-21T14:00:00.123456789Z `.
  if (
    to - from > 30 &&
    text.charCodeAt(from + 30) === SPACE &&
    text.charCodeAt(from + 29) === 90 &&
    text.charCodeAt(from + 10) === 84 &&
    text.charCodeAt(from + 19) === 46
  ) {
    return { at: text.slice(from, from + 30), text: text.slice(from + 31, to), more: false };
  }
  const space = text.indexOf(' ', from);
  const stampEnd = space === -1 || space > to ? to : space;
  const at = normalTime(text.slice(from, stampEnd));
  return at === undefined
    ? { at: '', text: text.slice(from, to), more: false }
    : { at, text: text.slice(stampEnd + 1, to), more: false };
}

function stampOf(line: Buffer): { at: string; from: number } {
  const space = line.subarray(0, MAX_STAMP_BYTES).indexOf(SPACE);
  const end = space === -1 ? Math.min(line.length, MAX_STAMP_BYTES) : space;
  const at = normalTime(line.toString('latin1', 0, end));
  return at === undefined ? { at: '', from: 0 } : { at, from: Math.min(end + 1, line.length) };
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** The last place at or before `at` where a UTF-8 character may begin: at most three bytes before. */
function characterStart(bytes: Buffer, at: number): number {
  for (let place = at; place > at - 4; place -= 1) if ((bytes[place]! & 0xc0) !== 0x80) return place;
  return at;
}
