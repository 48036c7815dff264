import { LiveCollection, type CollectionView } from './live-collection.ts';
import type { LiveHead, LiveQuery, LiveSource } from './live-source.ts';
import type { LiveWindow } from './live-frames.ts';
import type { LiveSubscription } from './socket-client.ts';
import type { LiveSpec } from './live-source.ts';
import type { Store } from './store.ts';

/** One followed query with its view. Starts at once; `close` ends it. */
export class LiveHandle {
  readonly #source: LiveSource;
  readonly #query: LiveQuery;
  readonly #collection: LiveCollection<LiveHead>;
  #window: LiveWindow;
  #subscription: LiveSubscription<LiveSpec> | undefined;

  constructor(
    source: LiveSource,
    query: LiveQuery,
    window: LiveWindow,
    timing: { now: () => number; schedule: (run: () => void) => void },
  ) {
    this.#source = source;
    this.#query = query;
    this.#window = window;
    this.#collection = new LiveCollection<LiveHead>({ ...timing, onTorn: () => this.retry() });
    this.#subscribe();
  }

  get view(): Store<CollectionView<LiveHead>> {
    return this.#collection.view;
  }

  move(window: LiveWindow): void {
    this.#window = window;
    this.#subscription?.move({ query: this.#query, window });
  }

  hold(held: boolean): void {
    this.#collection.hold(held);
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
    this.#subscription = this.#source.subscribe(
      { query: this.#query, window: this.#window },
      {
        onMessage: (frame) => {
          if (frame.type !== 'parts') this.#collection.apply(frame);
        },
      },
    );
  }
}
