import type { LiveFreshness, LiveStatus } from './live-frames.ts';
import type { LiveMessage, LiveSource } from './live-source.ts';
import type { PartsFrame, PartsSpec } from './parts-frame.ts';
import { Store } from './store.ts';

export interface PartsView {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly parts: ReadonlyMap<string, unknown>;
  readonly freshness: LiveFreshness | undefined;
  /** Why it failed, or why it ended. */
  readonly status: LiveStatus | undefined;
  /** The right to see this existed and is gone. */
  readonly ended: boolean;
}

export const NO_PARTS: PartsView = {
  phase: 'loading',
  parts: new Map(),
  freshness: undefined,
  status: undefined,
  ended: false,
};

/** The parts of one subscription, as they are told. Parts that did not change stay the same values. Starts at once; `close` ends it. */
export class LiveParts {
  readonly view = new Store<PartsView>(NO_PARTS);
  readonly #source: LiveSource;
  readonly #spec: PartsSpec;
  readonly #schedule: (run: () => void) => void;
  #parts = new Map<string, unknown>();
  #incoming: Map<string, unknown> | undefined;
  #next: Omit<PartsView, 'parts'> = NO_PARTS;
  #scheduled = false;
  #subscription: { close(): void } | undefined;

  /** `schedule` calls back once, soon: an animation frame. */
  constructor(source: LiveSource, spec: PartsSpec, schedule: (run: () => void) => void) {
    this.#source = source;
    this.#spec = spec;
    this.#schedule = schedule;
    this.#subscribe();
  }

  /** Asks for the whole anew; what is shown stays until the answer is complete. */
  retry(): void {
    this.close();
    this.#subscribe();
  }

  close(): void {
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  #subscribe(): void {
    this.#subscription = this.#source.subscribe(this.#spec, { onMessage: (frame) => this.#take(frame) });
  }

  #take(frame: LiveMessage): void {
    switch (frame.type) {
      case 'parts':
        this.#takeParts(frame);
        break;
      case 'freshness':
        this.#next = { ...this.#next, freshness: frame.freshness };
        break;
      case 'ended':
      case 'refused':
        this.#fail(frame.status, frame.type === 'ended');
        break;
      case 'subscribed':
      case 'snapshot':
      case 'synced':
      case 'delta':
        return;
    }
    this.#publish();
  }

  #takeParts({ whole, parts, synced, freshness }: PartsFrame): void {
    if (whole) this.#incoming = new Map();
    const into = this.#incoming ?? this.#parts;
    for (const [name, value] of Object.entries(parts ?? {})) {
      if (value === null) into.delete(name);
      else into.set(name, value);
    }
    if (freshness) this.#next = { ...this.#next, freshness };
    if (!synced) return;
    this.#parts = this.#incoming ?? this.#parts;
    this.#incoming = undefined;
    this.#next = { phase: 'ready', freshness: this.#next.freshness, status: undefined, ended: false };
  }

  #fail(status: LiveStatus, ended: boolean): void {
    this.#parts = new Map();
    this.#incoming = undefined;
    const before = this.#next.ended && status.reason === 'Forbidden';
    this.#next = { ...this.#next, phase: 'failed', status, ended: ended || before };
  }

  #publish(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.view.set({ ...this.#next, parts: new Map(this.#parts) });
    });
  }
}
