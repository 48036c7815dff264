import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { HubSession } from '../hub-session.ts';
import type { Hub } from '../hub.ts';
import type { HubTopic } from '../hub-topic.ts';
import type { StateSource } from '../topic.ts';

/** Sockets on port 0 for the tests of this package: real TCP between a hub and clients. */
export interface TestHost extends AsyncDisposable {
  connect(): Promise<TestPair>;
}

export interface TestPair {
  readonly session: HubSession<string>;
  readonly raw: Duplex;
  readonly client: TestClient;
}

export async function startHost(hub: Hub<string>): Promise<TestHost> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const attached: ((pair: Omit<TestPair, 'client'>) => void)[] = [];
  server.on('upgrade', (request, raw, head) => {
    sockets.handleUpgrade(request, raw, head, (ws) => {
      attached.shift()?.({ session: hub.attach({ ws, raw }, 'someone'), raw });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clients: TestClient[] = [];
  return {
    connect: async () => {
      const here = new Promise<Omit<TestPair, 'client'>>((resolve) => attached.push(resolve));
      const client = new TestClient(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
      clients.push(client);
      await once(client.socket, 'open');
      return { ...(await here), client };
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.socket.terminate();
      await hub.drain(AbortSignal.abort());
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What a client got, to be awaited. */
export class TestClient {
  readonly socket: WebSocket;
  readonly messages: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  constructor(url: string) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket.on('message', (data: Buffer) => {
      this.messages.push(data.toString());
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** Resolves with the messages from the first on that `enough` is content with. */
  async until(enough: (messages: readonly string[]) => boolean): Promise<readonly string[]> {
    while (!enough(this.messages)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.messages;
  }

  count(messages: number): Promise<readonly string[]> {
    return this.until((got) => got.length >= messages);
  }
}

/** A source of plain numbers by key, told as JSON; keeps count of what it was asked to encode. */
export class NumberSource implements StateSource {
  readonly values = new Map<string, number>();
  readonly calls = { snapshot: 0, synced: 0, delta: 0, catchUp: 0 };
  /** Bytes added to every value, to make messages heavy. */
  padding = '';

  set(topic: HubTopic, key: string, value: number): void {
    this.values.set(key, value);
    topic.changed([key]);
  }

  delete(topic: HubTopic, key: string): void {
    this.values.delete(key);
    topic.changed([key]);
  }

  *snapshot(): Iterable<Uint8Array> {
    this.calls.snapshot += 1;
    yield message({ snapshot: Object.fromEntries(this.values), padding: this.padding });
  }

  synced(resume: string): Uint8Array {
    this.calls.synced += 1;
    return message({ synced: resume });
  }

  delta(keys: ReadonlySet<string>, resume: string): Uint8Array {
    this.calls.delta += 1;
    return message({ delta: this.#present(keys), resume, padding: this.padding });
  }

  catchUp(keys: ReadonlySet<string>, resume: string): Uint8Array {
    this.calls.catchUp += 1;
    return message({ catchUp: this.#present(keys), resume });
  }

  #present(keys: ReadonlySet<string>): Record<string, number | null> {
    return Object.fromEntries(Array.from(keys, (key) => [key, this.values.get(key) ?? null]));
  }
}

export function message(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

interface Told {
  readonly snapshot?: Record<string, number>;
  readonly synced?: string;
  readonly delta?: Record<string, number | null>;
  readonly catchUp?: Record<string, number | null>;
  readonly resume?: string;
}

/** The state that a client has after these messages of a NumberSource, and the last resume token. */
export function replayed(
  messages: readonly string[],
  state: Map<string, number> = new Map(),
): { state: Map<string, number>; resume: string | undefined } {
  let resume: string | undefined;
  for (const text of messages) {
    const told = JSON.parse(text) as Told;
    if (told.snapshot) {
      state.clear();
      for (const [key, value] of Object.entries(told.snapshot)) state.set(key, value);
    }
    for (const [key, value] of Object.entries(told.delta ?? told.catchUp ?? {})) {
      if (value === null) state.delete(key);
      else state.set(key, value);
    }
    resume = told.synced ?? told.resume ?? resume;
  }
  return { state, resume };
}
