import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Terminal } from './terminal.ts';

/** Between two looks at who takes nothing. */
const BEAT_MS = 5_000;
/** Pings go out at every third: below the 30 s after which the impatient among proxies cut. */
const BEATS_PER_PING = 3;

/** All terminals of one room; keeps their sockets alive, and ends them when the gateway stops. */
export class Terminals<Place extends object> {
  readonly #clock: Clock;
  readonly #all = new Map<string, Terminal<Place>>();
  #cancelBeat: (() => void) | undefined;
  #beats = 0;
  #draining = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get count(): number {
    return this.#all.size;
  }

  /** Memory held by what was said. */
  get scrollbackBytes(): number {
    return [...this.#all.values()].reduce((sum, { scrollback }) => sum + scrollback.heldBytes, 0);
  }

  [Symbol.iterator](): MapIterator<Terminal<Place>> {
    return this.#all.values();
  }

  /** Throws ServiceUnavailable while the gateway stops. */
  requireOpen(): void {
    if (this.#draining) throw new StatusError('ServiceUnavailable', 'The gateway is stopping.');
  }

  find(id: string): Terminal<Place> | undefined {
    return this.#all.get(id);
  }

  add(terminal: Terminal<Place>): void {
    this.#all.set(terminal.id, terminal);
    this.#cancelBeat ??= this.#clock.every(BEAT_MS, () => this.#beat());
  }

  /** Nothing is left of it. */
  forget(terminal: Terminal<Place>): void {
    this.#all.delete(terminal.id);
    if (this.#all.size > 0) return;
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
  }

  /** The gateway stops: everybody is told, and what is behind the terminals is given up. */
  drain(): void {
    this.#draining = true;
    for (const terminal of this.#all.values()) terminal.stop('draining');
  }

  #beat(): void {
    this.#beats += 1;
    const at = this.#beats % BEATS_PER_PING === 0 ? new Date(this.#clock.now()).toISOString() : undefined;
    for (const terminal of this.#all.values()) terminal.beat(this.#clock.monotonic(), at);
  }
}
