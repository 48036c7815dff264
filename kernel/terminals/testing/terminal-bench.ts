import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type IncomingMessage } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { Principal } from '@krateyard/auth/principal';
import { StatusError } from '@krateyard/status/status-error';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { Dialect } from '../dialect.ts';
import type { Member } from '../member.ts';
import { serveTerminal } from '../serve-terminal.ts';
import { Terminal } from '../terminal.ts';
import { FRAME_HEADER_BYTES, type TerminalServerFrame } from '../terminal-protocol.ts';
import { Terminals } from '../terminals.ts';
import type { TapPort } from '../terminal-tap.ts';
import type { TerminalUpstream, TerminalUpstreamListener } from '../terminal-upstream.ts';
import { typedDialect } from '../typed-dialect.ts';

export const person = (name: string): Principal => ({
  id: `test:${name}`,
  username: name,
  groups: [],
  via: 'impersonate',
});

const DEADLINE_MS = 10_000;

/** For what no frame tells. */
export async function eventually(holds: () => boolean): Promise<void> {
  const over = AbortSignal.timeout(DEADLINE_MS);
  while (!holds()) {
    over.throwIfAborted();
    await new Promise(setImmediate);
  }
}

/** An upstream that the test speaks for. */
export class BenchUpstream implements TerminalUpstream {
  readonly written: string[] = [];
  readonly sizes: string[] = [];
  listener!: TerminalUpstreamListener;
  paused = false;
  aborted = false;
  /** Refuses what is typed. */
  away = false;
  unsentBytes = 0;

  start(listener: TerminalUpstreamListener): void {
    this.listener = listener;
  }

  write(bytes: Uint8Array): boolean {
    if (this.away) throw new StatusError('ServiceUnavailable', 'nothing is there to take it');
    this.written.push(Buffer.from(bytes).toString());
    return this.unsentBytes === 0;
  }

  resize(rows: number, cols: number): void {
    this.sizes.push(`${rows}x${cols}`);
  }

  endInput(): void {
    this.written.push('EOF');
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  abort(): void {
    this.aborted = true;
  }

  say(text: string): void {
    this.listener.onOutput(Buffer.from(text), 'stdout');
  }
}

/** A client's end of one socket. */
export class BenchClient {
  readonly frames: TerminalServerFrame[] = [];
  text = '';
  offset: number | undefined;
  closed: number | undefined;
  /** Says of everything that it is drawn. */
  acknowledges = true;
  readonly ws: WebSocket;
  readonly #waiting = new Set<() => void>();

  constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (message: Buffer, binary) => this.#received(message, binary));
    ws.once('close', (code) => {
      this.closed = code;
      this.#wake();
    });
  }

  of<T extends TerminalServerFrame['type']>(type: T): Extract<TerminalServerFrame, { type: T }>[] {
    return this.frames.filter((frame) => frame.type === type) as never;
  }

  say(frame: object): void {
    this.ws.send(JSON.stringify(frame));
  }

  type(text: string): void {
    this.ws.send(Buffer.concat([Buffer.of(0), Buffer.from(text)]));
  }

  /** Resolves as soon as it holds. */
  until(holds: (client: this) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #received(message: Buffer, binary: boolean): void {
    if (binary) {
      const at = Number(message.readBigUInt64BE(1));
      if (this.offset !== undefined && at !== this.offset)
        throw new Error(`expected ${this.offset}, got ${at}`);
      this.text += message.toString('utf8', FRAME_HEADER_BYTES);
      this.offset = at + message.length - FRAME_HEADER_BYTES;
      if (this.acknowledges) this.say({ type: 'ack', offset: this.offset });
    } else this.#told(JSON.parse(message.toString()) as TerminalServerFrame);
    this.#wake();
  }

  #told(frame: TerminalServerFrame): void {
    this.frames.push(frame);
    if (frame.type === 'gap' && frame.from === this.offset) this.offset = frame.to;
  }

  #wake(): void {
    for (const look of this.#waiting) look();
  }
}

export interface BenchOptions {
  readonly owner?: string;
  readonly scrollbackBytes?: number;
  readonly windowBytes?: number;
  readonly unattendedMs?: number;
  readonly recordings?: TapPort;
}

export const HOLD_MS = 30_000;
export const STALL_MS = 15_000;
export const IDLE_MS = 60_000;

/** One terminal, its upstream and a server that lets people in. */
export async function terminalBench(options: BenchOptions = {}) {
  const clock = new ManualClock();
  const upstream = new BenchUpstream();
  const windowBytes = options.windowBytes ?? 64 * 1024;
  const gone = Promise.withResolvers<void>();
  const all = new Terminals<{ place: string }>(clock);
  const terminal = new Terminal({
    place: { place: 'here' },
    ...(options.owner !== undefined && { owner: person(options.owner) }),
    size: undefined,
    clock,
    bounds: {
      holdMs: HOLD_MS,
      stallMs: STALL_MS,
      idleMs: IDLE_MS,
      windowBytes,
      scrollbackBytes: options.scrollbackBytes ?? 1 << 20,
      ...(options.unattendedMs !== undefined && { unattendedMs: options.unattendedMs }),
    },
    recordings: options.recordings,
    rightLost: 'You may not be here any more.',
    onEnded: () => {},
    onGone: () => {
      all.forget(terminal);
      gone.resolve();
    },
  });
  all.add(terminal);
  terminal.run(upstream);
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  const admitted: { member: Member; from: number | undefined; dialect: Dialect }[] = [];
  http.on('upgrade', (request: IncomingMessage, raw, head) => {
    const { member, from, dialect } = admitted.shift()!;
    server.handleUpgrade(request, raw, head, (ws) => {
      const authentication = { principal: member.principal } as Authentication;
      const credentials = {
        watch: () => ({ current: () => authentication, renew: () => true, [Symbol.dispose]: () => {} }),
      };
      const served = { terminal, member, from, dialect, authentication, requestId: 'r1' };
      const needs = { clock, credentials, authenticateToken: async () => authentication, windowBytes };
      void serveTerminal(needs, served, { ws, raw });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const clients: BenchClient[] = [];
  return {
    clock,
    upstream,
    terminal,
    all,
    gone: gone.promise,
    /** Somebody's socket, as soon as they have been told who is there. */
    connect: async (member: Member, from?: number, dialect = typedDialect()): Promise<BenchClient> => {
      admitted.push({ member, from, dialect });
      const client = new BenchClient(new WebSocket(url));
      clients.push(client);
      await client.until(() => client.of('people').length > 0);
      return client;
    },
    close: async (): Promise<void> => {
      for (const client of clients) client.ws.terminate();
      server.close();
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}
