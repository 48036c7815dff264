import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { FramePart } from '../client/frame-reader.ts';
import type { UpstreamSocket } from '../client/upstream-socket.ts';
import { readExecStatus, type ExecEnd } from './exec-status.ts';

export type OutputStream = 'stdout' | 'stderr';

export interface ExecListener {
  /** Valid until the call returns. May still be called for up to 64 KiB after `pause`. */
  onOutput(bytes: Buffer, stream: OutputStream): void;
  /** All input so far is on its way, after a `write` that said false. */
  onWritable(): void;
  /** Once, last: all output has come. */
  onEnd(end: ExecEnd): void;
}

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
const RESIZE = 4;
/** v5: the channel named by the one byte is finished. */
const CLOSE = 255;

const V5 = 'v5.channel.k8s.io';
const V4 = 'v4.channel.k8s.io';

/**
 * v5 can end the input, v4 cannot; a terminal has a key for that. But where v5 is offered, API servers (seen with 1.34.4) end
 * the WebSocket themselves and speak SPDY to the node: what that loses (a node that dies, the end of what a slow reader has not
 * taken) they tell as success. v4 goes through to the node, and what is lost shows. So v5 is for what needs it.
 */
export function execProtocols({
  tty,
  stdin,
}: {
  readonly tty: boolean;
  readonly stdin: boolean;
}): readonly string[] {
  return stdin && !tty ? [V5, V4] : [V4];
}

/** What a terminal's line discipline takes for the end of input (EOT, Ctrl+D). */
const END_KEY = Buffer.of(4);

/** Below the minute after which most proxies cut what is idle. */
const PING_MS = 25_000;
const MAX_STATUS_BYTES = 64 * 1024;

/**
 * One process in a container: `exec` or `attach` over `vN.channel.k8s.io`, where the first byte of each message is the number
 * of its channel. Holds the server back while paused; nothing is ever dropped.
 */
export class ExecStream {
  readonly protocol: string;
  readonly #socket: UpstreamSocket;
  readonly #tty: boolean;
  readonly #cancelPings: () => void;
  /** Of the message that is being read. */
  #channel: number | undefined;
  #status = Buffer.alloc(0);
  #unanswered = false;
  #started = false;

  constructor(socket: UpstreamSocket, tty: boolean, clock: Clock) {
    this.protocol = socket.protocol;
    this.#tty = tty;
    this.#socket = socket;
    this.#cancelPings = clock.every(PING_MS, () => this.#ping());
  }

  /** Starts to read. Output and end wait until then. */
  start(listener: ExecListener): void {
    this.#started = true;
    this.#socket.listenToParts({
      onPart: (part) => this.#received(part, listener),
      onWritable: () => listener.onWritable(),
      onClosed: (code, error) => {
        this.#cancelPings();
        listener.onEnd(this.#end(code, error));
      },
    });
  }

  /** Takes all that it is given. False: `onWritable` comes when it is on its way. */
  write(bytes: Uint8Array): boolean {
    return this.#send(STDIN, bytes);
  }

  /** Input that is still on its way out of here. */
  get unsentBytes(): number {
    return this.#socket.unsentBytes;
  }

  resize(rows: number, cols: number): void {
    this.#send(RESIZE, Buffer.from(JSON.stringify({ Width: cols, Height: rows })));
  }

  /** No more input comes: on a terminal the key for it. False: this API server speaks v4 only, which cannot say so. */
  endInput(): boolean {
    if (this.#tty) this.#send(STDIN, END_KEY);
    else if (this.protocol === V5) this.#send(CLOSE, Buffer.of(STDIN));
    else return false;
    return true;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Gives the process up: the node hangs up on it. `onEnd` still comes, where there was a `start`. */
  abort(): void {
    if (this.#started) return this.#socket.close();
    this.#cancelPings();
    this.#socket.abort();
  }

  #send(channel: number, bytes: Uint8Array): boolean {
    const message = Buffer.allocUnsafe(bytes.length + 1);
    message[0] = channel;
    message.set(bytes, 1);
    return this.#socket.send(message);
  }

  #received({ bytes, begins }: FramePart, listener: ExecListener): void {
    // Its channel is a message's first byte, not a piece's.
    if (begins) this.#channel = bytes[0];
    const said = begins ? bytes.subarray(1) : bytes;
    if (said.length === 0) return;
    if (this.#channel === STDOUT) listener.onOutput(said, 'stdout');
    else if (this.#channel === STDERR) listener.onOutput(said, 'stderr');
    else if (this.#channel === ERROR && this.#status.length < MAX_STATUS_BYTES) {
      this.#status = Buffer.concat([this.#status, said]);
    }
  }

  #end(code: number, error: Error | undefined): ExecEnd {
    if (this.#status.length > 0) return readExecStatus(this.#status);
    const why = this.#unanswered ? 'it did not answer pings' : `close code ${code}`;
    const message = `The connection to the process was lost (${why}); whether it still runs is not known.`;
    return { is: 'lost', error: new StatusError('ServiceUnavailable', message, { cause: error }) };
  }

  #ping(): void {
    if (this.#socket.ping()) return;
    this.#unanswered = true;
    this.#socket.abort();
  }
}
