import { Readable } from 'node:stream';
import type { LineBlock, RawLine } from '@krateyard/kube/stream/line-block';
import { encodeLine } from './line-encoding.ts';
import type { LogOutlet, SourceName, ToldFrame } from './log-outlet.ts';

const HIGH_WATER_BYTES = 256 * 1024;

export interface TextForm {
  readonly is: 'text';
  readonly timestamps: boolean;
  /** `[pod/container] ` before each line. */
  readonly named: boolean;
}

/** The body of an HTTP answer: bare lines, or the frames of the socket, one a row. */
export class StreamOutlet implements LogOutlet {
  readonly tellsFrames: boolean;
  readonly body: Readable;
  readonly #form: TextForm | { readonly is: 'ndjson' };
  #text = '';
  /** Containers whose last part was not the end of its line. */
  readonly #open = new Set<string>();

  /** `onRoom` is called when the client has taken what there was. */
  constructor(form: TextForm | { readonly is: 'ndjson' }, onRoom: () => void) {
    this.#form = form;
    this.tellsFrames = form.is === 'ndjson';
    this.body = new Readable({ highWaterMark: HIGH_WATER_BYTES, read: onRoom });
  }

  lines(source: SourceName, block: LineBlock): void {
    for (const line of block.lines()) this.#text += this.#row(source, line);
  }

  frame(frame: ToldFrame): void {
    if (this.tellsFrames) this.#text += `${JSON.stringify(frame)}\n`;
  }

  hasRoom(): boolean {
    return this.body.readableLength + this.#text.length < HIGH_WATER_BYTES && !this.body.destroyed;
  }

  flush(): void {
    if (this.#text === '' || this.body.destroyed) return;
    this.body.push(Buffer.from(this.#text));
    this.#text = '';
  }

  flushNow(): void {
    this.flush();
  }

  end(): void {
    this.flush();
    if (!this.body.destroyed) this.body.push(null);
  }

  #row(source: SourceName, line: RawLine): string {
    const { pod, container } = source;
    const { at, text, more } = line;
    if (this.#form.is === 'ndjson') return `${encodeLine(source, line)}\n`;
    const name = `${pod}/${container}`;
    const goesOn = this.#open.has(name);
    if (more) this.#open.add(name);
    else this.#open.delete(name);
    const head = goesOn
      ? ''
      : `${this.#form.named ? `[${name}] ` : ''}${this.#form.timestamps ? `${at} ` : ''}`;
    return `${head}${text}${more ? '' : '\n'}`;
  }
}
