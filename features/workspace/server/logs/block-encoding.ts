import type { LineBlock } from '@krateyard/kube/stream/line-block';
import { BLOCK_KIND, BLOCK_MORE, RUN_HEADER_BYTES } from '../../contract/log-block.ts';
import type { Run } from './line-encoding.ts';
import type { SourceName } from './log-outlet.ts';

/** What stands together in a message. */
interface Section {
  readonly source: SourceName;
  readonly more: boolean;
  readonly pieces: Buffer[];
  bytes: number;
}

/** Smaller pieces are copied together: a write of many costs more than that. */
const COPY_BELOW_BYTES = 8 * 1024;

/** The pieces of one message with all of them; `contract/log-block.ts` has its form. Large runs are given on as they came. */
export function encodeBlocks(runs: readonly Run[]): readonly Buffer[] {
  const sections: Section[] = [];
  for (const { source, block } of runs) {
    if (block.plain) for (const piece of block.plain) append(sections, source, piece, false);
    else appendLines(sections, source, block);
  }
  const sources = [...new Set(sections.map(({ source }) => source))];
  const all = [encodeSources(sources)];
  for (const { source, more, pieces, bytes } of sections) {
    const header = Buffer.allocUnsafe(RUN_HEADER_BYTES);
    header.writeUInt16BE(sources.indexOf(source), 0);
    header.writeUInt32BE(more ? bytes + BLOCK_MORE : bytes, 2);
    all.push(header, ...pieces);
  }
  return gathered(all);
}

function gathered(pieces: readonly Buffer[]): readonly Buffer[] {
  const all: Buffer[] = [];
  let small: Buffer[] = [];
  for (const piece of pieces) {
    if (piece.length < COPY_BELOW_BYTES) small.push(piece);
    else {
      if (small.length > 0) all.push(Buffer.concat(small));
      all.push(piece);
      small = [];
    }
  }
  return small.length > 0 ? [...all, Buffer.concat(small)] : all;
}

/** Behind lines of the same source where that is possible. */
function append(sections: Section[], source: SourceName, piece: Buffer, more: boolean): void {
  const last = sections.at(-1);
  if (last && last.source === source && !last.more && !more) {
    last.pieces.push(piece);
    last.bytes += piece.length;
  } else sections.push({ source, more, pieces: [piece], bytes: piece.length });
}

function appendLines(sections: Section[], source: SourceName, block: LineBlock): void {
  let text = '';
  const flush = (): void => {
    if (text !== '') append(sections, source, Buffer.from(text), false);
    text = '';
  };
  for (const { at, text: words, more } of block.lines()) {
    if (more) {
      flush();
      append(sections, source, Buffer.from(`${at} ${words}\n`), true);
      // The reader drops one of them.
    } else text += `${at} ${words}${words.endsWith('\r') ? '\r' : ''}\n`;
  }
  flush();
}

/** Names of Kubernetes are ASCII. */
function encodeSources(sources: readonly SourceName[]): Buffer {
  const names = sources.map(({ pod, container }) => `${pod}/${container}`);
  const bytes = Buffer.allocUnsafe(names.reduce((sum, name) => sum + 2 + name.length, 3));
  bytes[0] = BLOCK_KIND;
  let at = bytes.writeUInt16BE(names.length, 1);
  for (const name of names) {
    at = bytes.writeUInt16BE(name.length, at);
    at += bytes.write(name, at, 'latin1');
  }
  return bytes;
}
