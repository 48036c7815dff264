import { encodeFrame, type Frame } from '@krateyard/hub/frame';
import type { SocketWriter } from '@krateyard/hub/socket-writer';
import type { LogLine, LogLines } from '../../contract/log-protocol.ts';
import type { LogOutlet, ShownLine, SourceName, ToldFrame } from './log-outlet.ts';

/** Bytes that a socket may owe before nothing more is made for it. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** How lines become frames. */
export type LineEncoding = (source: SourceName, lines: readonly ShownLine[]) => readonly string[];

/** A socket's frames, written together. */
export class SocketOutlet implements LogOutlet {
  readonly tellsFrames: boolean;
  readonly #writer: SocketWriter;
  readonly #encode: LineEncoding;
  readonly #bare: boolean;
  #frames: Frame[] = [];
  #bytes = 0;

  constructor(writer: SocketWriter, how: { readonly bare: boolean; readonly encode: LineEncoding }) {
    this.#writer = writer;
    this.#encode = how.encode;
    this.#bare = how.bare;
    this.tellsFrames = !how.bare;
  }

  lines(source: SourceName, lines: readonly ShownLine[]): void {
    for (const text of this.#encode(source, lines)) this.#add(text);
  }

  frame(frame: ToldFrame): void {
    if (!this.#bare) this.#add(JSON.stringify(frame));
  }

  hasRoom(): boolean {
    return this.#bytes + this.#writer.buffered() < HIGH_WATER_BYTES;
  }

  flush(): void {
    if (this.#frames.length === 0) return;
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    this.#writer.write(frames);
  }

  #add(text: string): void {
    const frame = encodeFrame(Buffer.from(text));
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
  }
}

/** One frame a line. */
export function encodeSingly({ pod, container }: SourceName, lines: readonly ShownLine[]): readonly string[] {
  return lines.map(({ at, text, severity, more }) => {
    const line: LogLine = {
      type: 'line',
      pod,
      container,
      at,
      text,
      ...(severity !== undefined && { severity }),
      ...(more && { more }),
    };
    return JSON.stringify(line);
  });
}

/** All lines of one turn in one frame. */
export function encodeTogether(
  { pod, container }: SourceName,
  lines: readonly ShownLine[],
): readonly string[] {
  const frame: LogLines = {
    type: 'lines',
    sources: [{ pod, container }],
    lines: lines.map(({ at, text, severity, more }) => [0, at, text, severity ?? '', more] as const),
  };
  return [JSON.stringify(frame)];
}

/** The seed's dialect: the text alone. */
export function encodeBare(timestamps: boolean): LineEncoding {
  return (_source, lines) => lines.map(({ at, text }) => (timestamps ? `${at} ${text}` : text));
}
