/** Thrown to who writes where nobody reads any more: SIGPIPE. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe';
}

export interface ByteSource {
  /** The next bytes; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Puts bytes back to be read first. */
  unread(chunk: Uint8Array): void;
  /** Who reads has had enough. */
  close(): void;
  /** A keyboard: reading it to its end would wait for a person. */
  readonly interactive: boolean;
}

export interface ByteSink {
  /** Resolves when there is room for more. */
  write(chunk: Uint8Array): Promise<void>;
  end(): void;
}

/** As a pipe of the kernel: so much is held between writer and reader. */
const CAPACITY_BYTES = 64 * 1024;

/** Bytes from one stage to the next, with backpressure. */
export class BytePipe implements ByteSource, ByteSink {
  readonly interactive: boolean;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #closed = false;
  #readers: (() => void)[] = [];
  #writers: (() => void)[] = [];

  constructor(interactive = false) {
    this.interactive = interactive;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#closed) throw new BrokenPipe('broken pipe');
    if (this.#ended || chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    wake(this.#readers);
    while (this.#bytes > CAPACITY_BYTES && !this.#closed)
      await new Promise<void>((go) => this.#writers.push(go));
    if (this.#closed) throw new BrokenPipe('broken pipe');
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#ended || this.#closed) return undefined;
      await new Promise<void>((go) => this.#readers.push(go));
    }
    const chunk = this.#chunks.shift()!;
    this.#bytes -= chunk.length;
    wake(this.#writers);
    return chunk;
  }

  unread(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.unshift(chunk);
    this.#bytes += chunk.length;
  }

  /** Takes out what nobody has read. */
  drain(): Buffer {
    const left = Buffer.concat(this.#chunks.splice(0));
    this.#bytes = 0;
    wake(this.#writers);
    return left;
  }

  end(): void {
    this.#ended = true;
    wake(this.#readers);
  }

  close(): void {
    this.#closed = true;
    wake(this.#readers);
    wake(this.#writers);
  }
}

export const EMPTY_SOURCE: ByteSource = {
  read: () => Promise.resolve(undefined),
  unread: () => {},
  close: () => {},
  interactive: false,
};

export const NULL_SINK: ByteSink = { write: () => Promise.resolve(), end: () => {} };

export function sourceOf(bytes: Uint8Array): ByteSource {
  const pipe = new BytePipe();
  pipe.unread(bytes);
  pipe.end();
  return pipe;
}

/** Everything to the end, at most `limit` bytes: what comes after is not read. */
export async function readAll(source: ByteSource, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < limit) {
    const chunk = await source.read();
    if (!chunk) break;
    chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

/** The next line with its newline; what is left at the end; undefined when there is nothing. */
export async function readLine(source: ByteSource): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const chunk = await source.read();
    if (!chunk) return parts.length === 0 ? undefined : Buffer.concat(parts);
    const newline = chunk.indexOf(10);
    if (newline === -1) {
      parts.push(chunk);
      continue;
    }
    parts.push(chunk.subarray(0, newline + 1));
    source.unread(chunk.subarray(newline + 1));
    return Buffer.concat(parts);
  }
}

function wake(waiting: (() => void)[]): void {
  for (const go of waiting.splice(0)) go();
}
