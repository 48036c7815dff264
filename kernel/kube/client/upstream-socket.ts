import type { Duplex } from 'node:stream';
import type { Clock } from '@krateyard/telemetry/clock';
import { FrameReader, type FramePart } from './frame-reader.ts';
import { PacedReads } from './paced-reads.ts';
import { takeReads } from './shared-reads.ts';
import { createFrameWriter, type FrameWriter } from './websocket-codec.ts';

interface ConnectionListener {
  /** The socket takes more, after a `send` that said false. */
  onWritable(): void;
  /** Once, last. 1006: without a closing handshake; `error` says why where that is known. */
  onClosed(code: number, error: Error | undefined): void;
}

export interface UpstreamListener extends ConnectionListener {
  /** One message. May still be called for what one read of the socket brought (64 KiB) after `pause`. */
  onMessage(bytes: Buffer, binary: boolean): void;
}

/** For who does not care where messages end, or only where they begin: nothing is gathered, and nothing copied; bulk is read every 2 ms. */
export interface PartListener extends ConnectionListener {
  /** As `onMessage`, by pieces. The bytes are valid until the call returns. */
  onPart(part: FramePart): void;
}

/** API servers send 32 KiB at a time. */
const MAX_MESSAGE_BYTES = 16 << 20;
/** How long the server has to answer a close. */
const CLOSE_GRACE_MS = 2_000;

const EMPTY = Buffer.alloc(0);

/** Our end of a WebSocket at the API server. Nothing is read before `listen`, so nothing is lost. */
export class UpstreamSocket {
  /** The subprotocol that the server chose; '' for none. */
  readonly protocol: string;
  readonly #socket: Duplex;
  readonly #clock: Clock;
  readonly #writer: FrameWriter;
  readonly #reads: PacedReads;
  #listener: ConnectionListener | undefined;
  #closeCode: number | undefined;
  #error: Error | undefined;
  #heard = true;
  #over = false;

  constructor(socket: Duplex, protocol: string, clock: Clock) {
    this.protocol = protocol;
    this.#clock = clock;
    this.#socket = socket;
    this.#writer = createFrameWriter(socket);
    this.#reads = new PacedReads(socket, clock);
    socket.on('error', (error: Error) => (this.#error ??= error));
    socket.once('close', () => this.#end());
  }

  listen(listener: UpstreamListener): void {
    const parts: Buffer[] = [];
    let bytes = 0;
    const onPart = (part: FramePart): void => {
      if (part.begins && part.ends) return listener.onMessage(part.bytes, part.binary);
      parts.push(part.bytes);
      bytes += part.bytes.length;
      if (bytes > MAX_MESSAGE_BYTES)
        return this.abort(new Error('The server sent a message that is too long.'));
      if (!part.ends) return;
      const message = Buffer.concat(parts.splice(0), bytes);
      bytes = 0;
      listener.onMessage(message, part.binary);
    };
    this.#read(listener, onPart, (take) => this.#socket.on('data', take));
  }

  listenToParts(listener: PartListener): void {
    const onPart = (part: FramePart): void => listener.onPart(part);
    this.#read(listener, onPart, (take) =>
      takeReads(this.#socket, (chunk) => {
        take(chunk);
        this.#reads.took(chunk.length);
      }),
    );
  }

  #read(
    listener: ConnectionListener,
    onPart: (part: FramePart) => void,
    begin: (take: (chunk: Buffer) => void) => void,
  ): void {
    this.#listener = listener;
    const reader = new FrameReader({
      onPart: (part) => {
        if (!this.#over && !this.#socket.destroyed) onPart(part);
      },
      onPing: (payload) => this.#writer.pong(payload, true),
      onConclude: (code) => this.#concluded(code),
      onFault: (error) => this.abort(error),
    });
    this.#socket.on('drain', () => listener.onWritable());
    begin((chunk) => {
      this.#heard = true;
      reader.read(chunk);
    });
    this.#socket.on('end', () => this.#socket.destroy());
    if (this.#socket.destroyed) this.#end();
  }

  /** The connection itself, instead of `listen`: its frames are the taker's to read and to write. Nothing was read of them. */
  take(): Duplex {
    return this.#socket;
  }

  /** False: the socket is full; it took this all the same, but wait for `onWritable` before more. */
  send(message: Uint8Array): boolean {
    if (this.#over || this.#closeCode !== undefined || this.#socket.destroyed) return true;
    this.#writer.send(message, { binary: true, compress: false, fin: true, mask: true });
    return !this.#socket.writableNeedDrain;
  }

  /** Bytes given to `send` that the system has not taken. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** False when nothing at all has been heard since the ping before. */
  ping(): boolean {
    const heard = this.#heard;
    this.#heard = this.#reads.held;
    if (!this.#over && this.#closeCode === undefined) this.#writer.ping(EMPTY, true);
    return heard;
  }

  /** Holds the server back. */
  pause(): void {
    this.#reads.pause();
  }

  resume(): void {
    this.#reads.resume();
  }

  /** The closing handshake; cut when the server does not take part. */
  close(code = 1000): void {
    if (this.#over || this.#closeCode !== undefined) return;
    this.#closeCode = code;
    this.#writer.close(code, '', true);
    this.#reads.stop();
    this.#reads.resume();
    this.#cutLater();
  }

  abort(error?: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  #concluded(code: number): void {
    if (this.#closeCode === undefined) this.#writer.close(code === 1005 ? 1000 : code, '', true);
    this.#closeCode = code;
    this.#reads.stop();
    this.#socket.end();
    this.#cutLater();
  }

  #cutLater(): void {
    this.#socket.once(
      'close',
      this.#clock.after(CLOSE_GRACE_MS, () => this.#socket.destroy()),
    );
  }

  #end(): void {
    this.#reads.stop();
    if (this.#over || !this.#listener) return;
    this.#over = true;
    this.#listener.onClosed(this.#closeCode ?? 1006, this.#error);
  }
}
