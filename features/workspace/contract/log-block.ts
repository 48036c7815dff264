import type { LogLines } from './log-protocol.ts';
import { severityOf } from './log-severity.ts';

/**
 * Lines as bytes: the binary messages of a socket that was opened with `blocks=true`; all else comes as JSON text frames. Numbers
 * are big-endian.
 *
 *     u8   1, the kind of the message
 *     u16  number of sources; for each of them: u16 length, and so many bytes `pod/container`
 *     runs, to the end of the message:
 *       u16  index of the source
 *       u32  number of bytes; BLOCK_MORE is set for a single line that goes on in the next one of its source
 *       bytes  whole lines: the time (30 characters, UTC), a space, what was written, a newline
 *
 * Reading them is what a `lines` frame leaves to the gateway: a carriage return before the newline is dropped (not where the line
 * goes on), what is no UTF-8 becomes U+FFFD, and severities are judged.
 */
export const BLOCK_KIND = 1;
export const BLOCK_MORE = 0x8000_0000;
export const RUN_HEADER_BYTES = 6;

const STAMP = 30;
const CR = 13;
const decoder = new TextDecoder();

/** The `lines` frame that says the same. Undefined for messages of another kind; throws RangeError for what is cut off. */
export function readLogBlock(bytes: Uint8Array): LogLines | undefined {
  if (bytes[0] !== BLOCK_KIND) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { sources, end } = readSources(bytes, view);
  const lines: LogLines['lines'] = [];
  for (let at = end; at < bytes.length;) {
    const source = view.getUint16(at);
    const length = view.getUint32(at + 2);
    const size = length & ~BLOCK_MORE;
    const from = at + RUN_HEADER_BYTES;
    if (source >= sources.length || from + size > bytes.length) throw new RangeError('a run is cut off');
    readRun(decoder.decode(bytes.subarray(from, from + size)), source, size !== length, lines);
    at = from + size;
  }
  return { type: 'lines', sources, lines };
}

function readSources(
  bytes: Uint8Array,
  view: DataView,
): { readonly sources: LogLines['sources']; readonly end: number } {
  const sources: LogLines['sources'] = [];
  const count = view.getUint16(1);
  let end = 3;
  while (sources.length < count) {
    const length = view.getUint16(end);
    const [pod = '', container = ''] = decoder.decode(bytes.subarray(end + 2, end + 2 + length)).split('/');
    sources.push({ pod, container });
    end += 2 + length;
    if (end > bytes.length) throw new RangeError('the names are cut off');
  }
  return { sources, end };
}

function readRun(text: string, source: number, more: boolean, lines: LogLines['lines']): void {
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    const to = !more && text.charCodeAt(end - 1) === CR ? end - 1 : end;
    const at = text.slice(from, from + STAMP);
    const words = text.slice(from + STAMP + 1, to);
    lines.push([source, at, words, severityOf(words) ?? '', more]);
    from = end + 1;
  }
}
