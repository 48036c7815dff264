import type { LineBlock, RawLine } from './line-block.ts';
import { hasLead, LEAD_BYTES, LineBytes } from './line-bytes.ts';
import { LineList } from './line-list.ts';
import { normalTime } from './log-time.ts';

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
  /** Bytes of a line whose end has not come, its stamp included; after a part was given, those behind it. */
  #rest: Buffer = EMPTY;
  /** The stamp of the line whose first parts have been given. */
  #openAt: string | undefined;

  push(chunk: Buffer): readonly LineBlock[] {
    const blocks: LineBlock[] = [];
    let from = this.#rest.length > 0 || this.#openAt !== undefined ? this.#open(chunk, blocks) : 0;
    while (from < chunk.length) {
      from = plainLines(chunk, from, blocks);
      if (from < chunk.length) from = this.#others(chunk, from, blocks);
    }
    return blocks;
  }

  /** What is left when the stream has ended: a last line without a newline. */
  end(): readonly LineBlock[] {
    const lines: RawLine[] = [];
    if (this.#rest.length > 0 || this.#openAt !== undefined) this.#goOn(EMPTY, true, lines);
    return lines.length === 0 ? [] : [new LineList(lines)];
  }

  /** The end of the line that was begun in an earlier chunk, as far as it is here. */
  #open(chunk: Buffer, blocks: LineBlock[]): number {
    const end = chunk.indexOf(LF);
    const to = end === -1 ? chunk.length : end;
    if (end !== -1 && this.#openAt === undefined) {
      const whole = Buffer.concat([this.#rest, chunk.subarray(0, end + 1)]);
      if (isPlain(whole, 0, whole.length - 1)) {
        this.#rest = EMPTY;
        blocks.push(new LineBytes(whole, 1));
        return end + 1;
      }
    }
    const lines: RawLine[] = [];
    this.#goOn(chunk.subarray(0, to), end !== -1, lines);
    if (lines.length > 0) blocks.push(new LineList(lines));
    return end === -1 ? to : to + 1;
  }

  /** Lines that are not plain, up to the next that is: long ones, other times, words of the kubelet; and the end of a chunk. */
  #others(chunk: Buffer, from: number, blocks: LineBlock[]): number {
    const lines: RawLine[] = [];
    let at = from;
    while (at < chunk.length) {
      const end = chunk.indexOf(LF, at);
      if (end !== -1 && at > from && isPlain(chunk, at, end)) break;
      this.#goOn(chunk.subarray(at, end === -1 ? chunk.length : end), end !== -1, lines);
      at = end === -1 ? chunk.length : end + 1;
    }
    if (lines.length > 0) blocks.push(new LineList(lines));
    return at;
  }

  #goOn(bytes: Buffer, ended: boolean, lines: RawLine[]): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    if (this.#openAt === undefined) {
      // Whole while it may turn out to be plain: one that goes over two chunks is as common as chunks are.
      if (!ended && rest.length <= MAX_STAMP_BYTES + MAX_LINE_BYTES)
        return void (this.#rest = Buffer.from(rest));
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

function isPlain(bytes: Buffer, from: number, end: number): boolean {
  return end - from <= LEAD_BYTES + MAX_LINE_BYTES && hasLead(bytes, from, end);
}

/** Takes the plain lines that stand at `from`; returns where they end. */
function plainLines(chunk: Buffer, from: number, blocks: LineBlock[]): number {
  let [at, count] = [from, 0];
  for (;;) {
    const end = chunk.indexOf(LF, at);
    if (end === -1 || !isPlain(chunk, at, end)) break;
    at = end + 1;
    count += 1;
  }
  if (count > 0) blocks.push(new LineBytes(chunk.subarray(from, at), count));
  return at;
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
