import { WebSocket, type RawData } from 'ws';
import { tlsOf, type Api, type Query } from './api.ts';
import type { Wire } from './wire.ts';
import { within } from './poll-until.ts';
import { whenOpen } from './when-open.ts';

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;
export const ERROR = 3;
export const RESIZE = 4;
const CLOSE = 255;

/** One `exec` or `attach` over WebSocket, with its channels apart. */
export class ExecSocket implements Disposable {
  /** Text so far by channel: 1 stdout, 2 stderr, 3 the final Status as JSON. */
  readonly output: Record<number, string> = { [STDOUT]: '', [STDERR]: '', [ERROR]: '' };
  /** The first frames' channels, in order. */
  readonly frames: number[] = [];
  closeCode: number | undefined;
  readonly #socket: WebSocket;
  readonly #listeners = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (message) => this.#take(message));
    socket.on('close', (code) => this.#ended(code));
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  send(channel: number, text: string): void {
    this.#socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
  }

  /** Ends standard input; only v5 can. */
  closeStdin(): void {
    this.#socket.send(Buffer.from([CLOSE, STDIN]));
  }

  /** Resolves when the channel's text matches. */
  async seen(channel: number, pattern: RegExp, deadlineMs = 30_000): Promise<RegExpMatchArray> {
    return this.#when(
      `${pattern} on channel ${channel}`,
      deadlineMs,
      () => this.output[channel]?.match(pattern) ?? undefined,
    );
  }

  /** Resolves with the final Status when the server has closed the socket. */
  async finished(deadlineMs = 30_000): Promise<Wire> {
    await this.#when('the end of the session', deadlineMs, () => this.closeCode);
    return JSON.parse(this.output[ERROR] || 'null');
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }

  #take(message: RawData): void {
    const bytes = message as Buffer;
    const channel = bytes[0] ?? -1;
    if (this.frames.length < 50) this.frames.push(channel);
    this.output[channel] = (this.output[channel] ?? '') + bytes.subarray(1).toString('utf8');
    for (const listener of this.#listeners) listener();
  }

  #ended(code: number): void {
    this.closeCode = code;
    for (const listener of this.#listeners) listener();
  }

  async #when<T>(what: string, deadlineMs: number, look: () => T | undefined): Promise<T> {
    const found = Promise.withResolvers<T>();
    const listener = (): void => {
      const value = look();
      if (value !== undefined) found.resolve(value);
    };
    this.#listeners.add(listener);
    listener();
    try {
      return await within(what, deadlineMs, found.promise);
    } catch (error) {
      throw new Error(`${(error as Error).message}; so far: ${JSON.stringify(this.output)}`, {
        cause: error,
      });
    } finally {
      this.#listeners.delete(listener);
    }
  }
}

/** Opens an exec; rejects with RefusedUpgrade when the answer is no 101. */
export async function openExec(
  api: Api,
  path: string,
  query: Query,
  protocols: readonly string[] = ['v5.channel.k8s.io'],
): Promise<ExecSocket> {
  const socket = new WebSocket(api.url(path, query).replace(/^http/, 'ws'), [...protocols], {
    ...tlsOf(api.login),
    headers: api.identityHeaders(),
  });
  // Before the handshake's end: the first frames come with it.
  const session = new ExecSocket(socket);
  await whenOpen(socket, 'the exec', 30_000);
  return session;
}
