import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { Clock } from '@krateyard/ui/live/browser-clock';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { SocketLike } from '@krateyard/ui/live/live-wire';
import { SocketClient } from '@krateyard/ui/live/socket-client';
import { Store } from '@krateyard/ui/live/store';
import { MachineState, type MachinesView } from './machine-state.ts';
import { MachinesWire, type MachinesMessage, type MachinesSpec } from './machines-wire.ts';

export interface FeedOptions {
  /** Empty: all that the person may see. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly open: (path: string) => SocketLike;
  /** Why a socket was refused, which a browser is not told: what REST answers to the same question; undefined when it would answer. */
  readonly ask: (path: string) => Promise<LiveStatus | undefined>;
  /** Calls back once, soon: an animation frame. */
  readonly schedule: (run: () => void) => void;
}

/** How long after its end a socket that ended for good is tried again, if REST still answers: its proof had run out, a new one is there. */
const RENEW_MS = 2_000;

/** The machines of some namespaces as `/api/ws` tells them, over reconnections. Starts at once; `close` leaves no timer and no socket. */
export class MachineFeed {
  readonly view: Store<MachinesView>;
  readonly #options: FeedOptions;
  readonly #client: SocketClient<MachinesSpec, MachinesMessage>;
  readonly #state: MachineState;
  readonly #stops: (() => void)[] = [];
  #sockets = 0;
  #scheduled = false;
  #closed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    const { clock, namespaces } = options;
    this.#state = new MachineState(() => clock.now());
    this.view = new Store(this.#state.view());
    const query = new URLSearchParams({ namespace: namespaces.length === 0 ? '*' : namespaces.join(',') });
    this.#client = new SocketClient<MachinesSpec, MachinesMessage>({
      wire: () => new MachinesWire(++this.#sockets),
      open: () =>
        options.open(
          `/api/ws?${query.toString()}&resource=vm,snapshot,restore&freshness=true&resume=${encodeURIComponent(this.#state.token)}`,
        ),
      clock,
      onRefused: () => this.#refused(query),
    });
    const told = this.#client.subscribe('machines', {
      onMessage: (message) => {
        this.#state.take(message);
        this.#publish();
      },
    });
    this.#stops.push(
      () => told.close(),
      this.#client.state.subscribe(() => this.#renew(query)),
    );
    this.#client.start();
  }

  get socket(): SocketClient<MachinesSpec, MachinesMessage>['state'] {
    return this.#client.state;
  }

  /** Finds out now whether the connection lives; makes it at once where it waits. */
  wake(): void {
    this.#client.wake();
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#client.stop();
  }

  async #refused(query: URLSearchParams): Promise<'retry' | 'unauthenticated'> {
    const status = await this.#options.ask(`/api/vms?${query.toString()}&limit=0`);
    if (this.#closed || !status || status.code === 0) return 'retry';
    if (status.code === 401) return 'unauthenticated';
    this.#state.refuse(status);
    this.#publish();
    return 'retry';
  }

  #renew(query: URLSearchParams): void {
    if (this.#client.state.get().phase !== 'ended') return;
    const cancel = this.#options.clock.after(RENEW_MS, () => {
      void this.#refused(query).then((next) => {
        if (!this.#closed && next === 'retry') this.#client.start();
      });
    });
    this.#stops.push(cancel);
  }

  #publish(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.schedule(() => {
      this.#scheduled = false;
      if (!this.#closed) this.view.set(this.#state.view());
    });
  }
}

/** The status of a question that fails; undefined when it is answered. */
export async function askStatus(path: string): Promise<LiveStatus | undefined> {
  try {
    await requestJson<unknown>(path);
    return undefined;
  } catch (error) {
    return statusOf(error);
  }
}
