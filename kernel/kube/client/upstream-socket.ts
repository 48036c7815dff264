import type { Duplex } from 'node:stream';
import type { Clock } from '@krateyard/telemetry/clock';
import {
  createFrameReader,
  createFrameWriter,
  type FrameReader,
  type FrameWriter,
} from './websocket-codec.ts';

export interface UpstreamHandlers {
  /** One message. May still be called for what one read of the socket brought (64 KiB) after `pause`. */
  onMessage(bytes: Buffer, binary: boolean): void;
  /** The socket takes more, after a `send` that said false. */
  onWritable(): void;
  /** Once, last. 1006: without a closing handshake; `error` says why where that is known. */
  onClosed(code: number, error: Error | undefined): void;
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
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  #handlers: UpstreamHandlers | undefined;
  #closeCode: number | undefined;
  #error: Error | undefined;
  #heard = true;
  #over = false;

  constructor(socket: Duplex, protocol: string, clock: Clock) {
    this.protocol = protocol;
    this.#clock = clock;
    this.#socket = socket;
    this.#reader = createFrameReader(MAX_MESSAGE_BYTES);
    this.#writer = createFrameWriter(socket);
    socket.on('error', (error: Error) => (this.#error ??= error));
    socket.once('close', () => this.#end());
  }

  listen(handlers: UpstreamHandlers): void {
    this.#handlers = handlers;
    const reader = this.#reader;
    reader.on('message', (message: Buffer, binary: boolean) => {
      if (!this.#over) handlers.onMessage(message, binary);
    });
    reader.on('ping', (payload: Buffer) => this.#writer.pong(payload, true));
    reader.on('conclude', (code: number) => this.#concluded(code));
    reader.on('error', (error: Error) => this.abort(error));
    this.#socket.on('drain', () => handlers.onWritable());
    this.#socket.on('data', (chunk: Buffer) => {
      this.#heard = true;
      // The reader works synchronously: what it returns about being full is over already.
      reader.write(chunk);
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
    this.#heard = this.#socket.isPaused();
    if (!this.#over && this.#closeCode === undefined) this.#writer.ping(EMPTY, true);
    return heard;
  }

  /** Holds the server back. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The closing handshake; cut when the server does not take part. */
  close(code = 1000): void {
    if (this.#over || this.#closeCode !== undefined) return;
    this.#closeCode = code;
    this.#writer.close(code, '', true);
    this.#socket.resume();
    this.#cutLater();
  }

  abort(error?: Error): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  #concluded(code: number): void {
    if (this.#closeCode === undefined) this.#writer.close(code === 1005 ? 1000 : code, '', true);
    this.#closeCode = code;
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
    if (this.#over || !this.#handlers) return;
    this.#over = true;
    this.#handlers.onClosed(this.#closeCode ?? 1006, this.#error);
  }
}
