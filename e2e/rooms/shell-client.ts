import assert from 'node:assert/strict';
import { createHash, type Hash } from 'node:crypto';
import { WebSocket } from 'ws';
import {
  FRAME_HEADER_BYTES,
  FRAME_STDERR,
  type People,
  type TerminalClientFrame,
} from '@krateyard/terminals/terminal-protocol';
import {
  SHELL_PROTOCOL,
  type Exit,
  type ShellHello,
  type ShellServerFrame,
} from '@krateyard/workspace/contract/shell-protocol';
import { pollUntil } from '../harness/poll-until.ts';
import { whenOpen } from '../harness/when-open.ts';

export type ShellQuery = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

const KEPT_TEXT = 4 * 1024 * 1024;

/** One socket of a shared terminal (`/ws/shell`, unless a path is given), which checks that output comes without holes or repeats. */
export class ShellClient {
  readonly frames: ShellServerFrame[] = [];
  /** The last of what was said, both streams. */
  text = '';
  errorText = '';
  /** Offset after the last byte of output. */
  offset: number | undefined;
  /** Over all bytes since `from`. */
  readonly hash: Hash = createHash('sha256');
  bytes = 0;
  closeCode: number | undefined;
  closeReason = '';
  /** False: nothing is acknowledged. */
  acknowledging = true;
  #acked = 0;
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  static async open(
    origin: string,
    token: string,
    query: ShellQuery,
    options: {
      readonly protocol?: string | null;
      readonly acknowledging?: boolean;
      readonly path?: string;
    } = {},
  ): Promise<ShellClient> {
    const ws = openSocket(
      origin,
      token,
      query,
      options.protocol === undefined ? SHELL_PROTOCOL : options.protocol,
      options.path ?? '/ws/shell',
    );
    const client = new ShellClient(ws);
    client.acknowledging = options.acknowledging ?? true;
    ws.on('message', (message, binary) => client.#received(message as Buffer, binary));
    ws.on('close', (code, reason) => {
      client.closeCode = code;
      client.closeReason = reason.toString();
    });
    await whenOpen(ws, 'the shell');
    // A socket that was refused after all is the caller's to look at.
    if (client.#typed) {
      await pollUntil('hello', () => client.frames.length > 0 || client.closeCode !== undefined, {
        everyMs: 2,
      });
    }
    return client;
  }

  get #typed(): boolean {
    return this.#ws.protocol.endsWith('.krateyard.v1');
  }

  get hello(): ShellHello {
    const [hello] = this.frames;
    assert.equal(hello?.type, 'hello');
    return hello as ShellHello;
  }

  get people(): People {
    const people = this.frames.findLast(({ type }) => type === 'people');
    assert.ok(people, 'people were told of');
    return people as People;
  }

  /** Resolves when what was told last of the people fits. */
  peopleAre(fits: (people: People) => boolean): Promise<true> {
    return pollUntil('the people', () => (fits(this.people) ? true : undefined), { everyMs: 10 });
  }

  get exit(): Exit | undefined {
    return this.frames.find(({ type }) => type === 'exit') as Exit | undefined;
  }

  type(text: string | Uint8Array): void {
    this.#ws.send(Buffer.concat([Buffer.from([0]), Buffer.from(text as string)]));
  }

  /** The seed's way. */
  keys(text: string): void {
    this.#ws.send(text);
  }

  send(frame: TerminalClientFrame | object): void {
    this.#ws.send(JSON.stringify(frame));
  }

  raw(message: string | Buffer): void {
    this.#ws.send(message);
  }

  acknowledge(): void {
    if (this.offset === undefined || this.offset === this.#acked) return;
    this.#acked = this.offset;
    if (this.#ws.readyState === this.#ws.OPEN) this.send({ type: 'ack', offset: this.offset });
  }

  async seen(pattern: RegExp, deadlineMs = 40_000): Promise<RegExpMatchArray> {
    try {
      return await pollUntil(String(pattern), () => this.text.match(pattern) ?? undefined, {
        deadlineMs,
        everyMs: 10,
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; so far ${JSON.stringify(this.text.slice(-500))}`, {
        cause: error,
      });
    }
  }

  /** The first frame of the type that fits, from `since` on. */
  frame<T extends ShellServerFrame['type']>(
    type: T,
    fits: (frame: Extract<ShellServerFrame, { type: T }>) => boolean = () => true,
    since = 0,
    deadlineMs = 40_000,
  ): Promise<Extract<ShellServerFrame, { type: T }>> {
    return pollUntil(
      `a ${type} frame`,
      () =>
        this.frames
          .slice(since)
          .find(
            (frame): frame is Extract<ShellServerFrame, { type: T }> =>
              frame.type === type && fits(frame as Extract<ShellServerFrame, { type: T }>),
          ),
      { everyMs: 10, deadlineMs },
    );
  }

  async closed(deadlineMs = 40_000): Promise<number> {
    return pollUntil('the socket to close', () => this.closeCode, { deadlineMs, everyMs: 10 });
  }

  /** Stops to read, as a client that hangs. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  ping(): void {
    this.#ws.ping();
  }

  get buffered(): number {
    return this.#ws.bufferedAmount;
  }

  /** Cuts the cable: no close frame. */
  cut(): void {
    this.#ws.terminate();
  }

  async close(): Promise<void> {
    this.#ws.close(1000);
    const cut = setTimeout(() => this.#ws.terminate(), 2_000);
    await this.closed().catch(() => undefined);
    clearTimeout(cut);
  }

  #received(message: Buffer, binary: boolean): void {
    if (!binary || !this.#typed) return this.#textual(message.toString('utf8'));
    const at = Number(message.readBigUInt64BE(1));
    const bytes = message.subarray(FRAME_HEADER_BYTES);
    if (this.offset !== undefined) assert.equal(at, this.offset, 'output goes on where it was');
    this.offset = at + bytes.length;
    this.bytes += bytes.length;
    this.hash.update(bytes);
    if (message[0] === FRAME_STDERR) this.errorText += bytes.toString('utf8');
    else this.text = (this.text + bytes.toString('utf8')).slice(-KEPT_TEXT);
    if (this.acknowledging && this.offset - this.#acked >= this.hello.windowBytes / 4) this.acknowledge();
  }

  #textual(text: string): void {
    if (!this.#typed) {
      this.text = (this.text + text).slice(-KEPT_TEXT);
      return;
    }
    const frame = JSON.parse(text) as ShellServerFrame;
    this.frames.push(frame);
    if (frame.type === 'gap') this.offset = frame.to;
  }
}

function openSocket(
  origin: string,
  token: string,
  query: ShellQuery,
  protocol: string | null,
  path: string,
): WebSocket {
  const url = new URL(path, origin.replace(/^http/, 'ws'));
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) {
      url.searchParams.append(name, String(one));
    }
  }
  return new WebSocket(url, protocol === null ? [] : [protocol], {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
}
