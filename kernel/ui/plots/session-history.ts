import { Store } from '../live/store.ts';
import { mergeSamples } from './series.ts';

/** Time first; what else stands in a sample its user knows. */
export type TimedSample = readonly [at: number, ...values: number[]];

interface Kept {
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  readonly now: () => number;
}

/** Two hours at one sample in 15 s. */
const MOST_SAMPLES = 480;
const MOST_SERIES = 1000;
/** What is kept over a reload. */
const MOST_KEPT_SERIES = 60;
const KEPT_MS = 60 * 60_000;
const KEY = 'krateyard.history';

/**
 * What plots have shown in this session, by name, kept over a reload of the page (`sessionStorage`: this tab, until it closes). Only
 * what was measured: while the page was away there is a gap. The series used least go when there are too many.
 */
export class SessionHistory {
  readonly #series = new Map<string, Store<readonly TimedSample[]>>();
  readonly #kept: Kept;
  #person = '';

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  /** What another person was shown is forgotten. Call before anything is added. */
  open(person: string): void {
    if (person === this.#person) return;
    this.#person = person;
    this.#series.clear();
    this.#restore();
  }

  /** The series' samples as they come; the same store for the same name as long as it is remembered. */
  series(name: string): Store<readonly TimedSample[]> {
    const found = this.#series.get(name) ?? new Store<readonly TimedSample[]>([]);
    this.#series.delete(name);
    this.#series.set(name, found);
    if (this.#series.size > MOST_SERIES) this.#series.delete(this.#series.keys().next().value!);
    return found;
  }

  add(name: string, samples: readonly TimedSample[]): void {
    const series = this.series(name);
    series.set(mergeSamples(series.get(), samples, MOST_SAMPLES));
  }

  /** Call when the page goes. */
  save(): void {
    const from = this.#kept.now() - KEPT_MS;
    const entries = [...this.#series]
      .map(([name, series]) => [name, series.get().filter(([at]) => at >= from)] as const)
      .filter(([, samples]) => samples.length > 0)
      .slice(-MOST_KEPT_SERIES);
    try {
      this.#kept.storage?.setItem(KEY, JSON.stringify({ person: this.#person, entries }));
    } catch {
      // Full, or forbidden: then the history is as long as the page lives.
    }
  }

  #restore(): void {
    try {
      const kept = JSON.parse(this.#kept.storage?.getItem(KEY) ?? '{}') as {
        person?: unknown;
        entries?: unknown;
      };
      if (kept.person !== this.#person || !Array.isArray(kept.entries)) return;
      const from = this.#kept.now() - KEPT_MS;
      for (const entry of kept.entries as unknown[]) {
        if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !Array.isArray(entry[1])) continue;
        const samples = (entry[1] as unknown[]).filter(isSample).filter(([at]) => at >= from);
        if (samples.length > 0) this.add(entry[0], samples);
      }
    } catch {
      // What cannot be read is not history.
    }
  }
}

function isSample(value: unknown): value is TimedSample {
  return Array.isArray(value) && value.length > 1 && value.every((one) => Number.isFinite(one));
}
