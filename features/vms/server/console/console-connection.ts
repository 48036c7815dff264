import type { Principal } from '@krateyard/auth/principal';
import type { UpstreamSocket } from '@krateyard/kube/client/upstream-socket';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';

export interface ConnectionNeeds {
  readonly clock: Clock;
  /** Rejects with what is to be told to who asks. */
  readonly dial: (who: Principal, signal: AbortSignal) => Promise<UpstreamSocket>;
  /** Calls back once they may not have the console any more; disposed of with the connection. */
  readonly watchRight: (who: Principal, onLost: () => void) => Promise<Disposable>;
}

export interface ConnectionListener {
  onOutput(bytes: Buffer): void;
  onWritable(): void;
  /** Once, last; not after `close`. */
  onCut(): void;
}

/** Below the minute after which KubeVirt, and proxies before it, cut what is silent. */
const PING_MS = 20_000;

/** One connection to a machine's serial port, as one person, for as long as they may have it. */
export class ConsoleConnection {
  readonly #socket: UpstreamSocket;
  readonly #right: Disposable;
  readonly #stopPings: () => void;
  #listener: ConnectionListener | undefined;
  #over = false;

  private constructor(socket: UpstreamSocket, right: Disposable, clock: Clock) {
    this.#socket = socket;
    this.#right = right;
    this.#stopPings = clock.every(PING_MS, () => {
      if (!socket.ping()) socket.abort();
    });
  }

  /** Rejects with StatusError; nothing is left then, nor when `signal` aborts meanwhile. */
  static async open(
    who: Principal,
    { clock, dial, watchRight }: ConnectionNeeds,
    signal: AbortSignal,
  ): Promise<ConsoleConnection> {
    const socket = await dial(who, signal);
    const lost = (): void => socket.abort();
    const right = await watchRight(who, lost).catch((error: unknown) => {
      socket.abort();
      throw error;
    });
    const connection = new ConsoleConnection(socket, right, clock);
    if (!signal.aborted) return connection;
    connection.close();
    throw new StatusError('ServiceUnavailable', 'The console has been closed.');
  }

  get unsentBytes(): number {
    return this.#socket.unsentBytes;
  }

  /** Starts to read. */
  listen(listener: ConnectionListener): void {
    this.#listener = listener;
    this.#socket.listenToParts({
      onPart: ({ bytes }) => {
        if (!this.#over) listener.onOutput(bytes);
      },
      onWritable: () => listener.onWritable(),
      onClosed: () => {
        if (this.#over) return;
        this.#release();
        listener.onCut();
      },
    });
  }

  /** False: `onWritable` comes when it is on its way. */
  send(bytes: Uint8Array): boolean {
    return this.#socket.send(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    if (this.#over) return;
    this.#release();
    if (this.#listener) this.#socket.close();
    else this.#socket.abort();
  }

  #release(): void {
    this.#over = true;
    this.#stopPings();
    this.#right[Symbol.dispose]();
  }
}
