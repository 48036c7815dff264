import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { median } from '../streams/figures.ts';
import {
  CLIENTS,
  type FromClients,
  type FromServer,
  type Mode,
  type ToClients,
  type ToServer,
} from './protocol.ts';

export type Measured = Extract<FromServer, { is: 'measured' }>;
export type Stormed = Extract<FromServer, { is: 'stormed' }>;

/** Deliveries a second, and a CPU second of the server. */
export interface Rates {
  readonly wall: number;
  readonly cpu: number;
}

/** A server, and the clients that are connected to it, each in a process of its own. */
export class FanOut implements Disposable {
  readonly #server: Peer;
  readonly #clients: Peer;

  private constructor(server: string, words: readonly string[]) {
    this.#server = new Peer(server, words);
    this.#clients = new Peer('fanout/clients.ts');
  }

  /** `server` is a file of the benchmarks. */
  static async open(server: string, ...words: readonly string[]): Promise<FanOut> {
    const fan = new FanOut(server, words);
    try {
      await fan.#connect();
      return fan;
    } catch (error) {
      fan[Symbol.dispose]();
      throw error;
    }
  }

  measure(mode: Mode, rounds: number): Promise<Measured> {
    this.#server.tell({ do: 'measure', mode, rounds });
    return this.#server.next<Measured>('measured');
  }

  storm(changesPerSecond: number, seconds: number): Promise<Stormed> {
    this.#server.tell({ do: 'storm', changesPerSecond, seconds });
    return this.#server.next<Stormed>('stormed');
  }

  [Symbol.dispose](): void {
    this.#server.child.kill();
    this.#clients.child.kill();
  }

  async #connect(): Promise<void> {
    const { port } = await this.#server.next<Extract<FromServer, { is: 'listening' }>>('listening');
    this.#clients.tell({ do: 'connect', port });
    await this.#clients.next('connected');
    this.#clients.child.on('message', (message: FromClients) => {
      if (message.is === 'received') this.#server.tell({ do: 'received', bytes: message.bytes });
    });
  }
}

/** Medians. */
export function ratesOf(measured: readonly Measured[]): Rates {
  const deliveries = ({ updates }: Measured): number => updates * CLIENTS * 1000;
  return {
    wall: median(measured.map((one) => deliveries(one) / one.wallMs)),
    cpu: median(measured.map((one) => deliveries(one) / one.cpuMs)),
  };
}

export function thousands(value: number): string {
  return `${Math.round(value / 1000)}k`;
}

class Peer {
  readonly child: ChildProcess;
  readonly #gone = new AbortController();

  constructor(file: string, words: readonly string[] = []) {
    this.child = fork(join(import.meta.dirname, '..', file), words, { stdio: 'inherit' });
    this.child.once('exit', (code) => this.#gone.abort(new Error(`${file} ended with ${code}`)));
  }

  tell(message: ToServer | ToClients): void {
    this.child.send(message);
  }

  /** Rejects when it ends before. */
  async next<T extends { is: string }>(is: string): Promise<T> {
    for (;;) {
      const [message] = (await once(this.child, 'message', { signal: this.#gone.signal })) as [T];
      if (message.is === is) return message;
    }
  }
}
