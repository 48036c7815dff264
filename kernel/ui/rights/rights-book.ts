import type { AccessAnswers, AccessCheck } from './access-check.ts';

/** What is known of one right. `unknown` while it is asked and when it could not be: the API server decides then. */
export type Right =
  | { readonly state: 'allowed' }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'unknown' };

/** A right may come and go; this long an answer is shown without asking again. */
const BELIEVED_MS = 20_000;
/** Questions of one moment go out together. */
const BATCH = 100;
/** The oldest answers go. */
const MOST = 2_000;

const UNKNOWN: Right = { state: 'unknown' };
const ALLOWED: Right = { state: 'allowed' };

interface Known {
  right: Right;
  askedAt: number;
}

export interface RightsBookOptions {
  readonly ask: (checks: readonly AccessCheck[]) => Promise<AccessAnswers>;
  readonly now: () => number;
  /** Calls back once, soon, so that questions of one render go together. */
  readonly soon: (run: () => void) => void;
}

/** Answers of `/api/access`, asked in batches and remembered briefly; whoever subscribed is told when some came. */
export class RightsBook {
  readonly #options: RightsBookOptions;
  readonly #known = new Map<string, Known>();
  readonly #waiting = new Map<string, AccessCheck>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(options: RightsBookOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Changes whenever an answer does. */
  readonly version = (): number => this.#version;

  /** What is known; asks when that is nothing or old. */
  right(check: AccessCheck): Right {
    const key = keyOf(check);
    const known = this.#known.get(key);
    if (!known || this.#options.now() - known.askedAt > BELIEVED_MS) this.#wait(key, check);
    return known?.right ?? UNKNOWN;
  }

  /** Waits until all are known, at most `patienceMs`. */
  async asked(checks: readonly AccessCheck[], patienceMs: number): Promise<readonly Right[]> {
    const look = (): readonly Right[] => checks.map((check) => this.right(check));
    if (look().every(isKnown)) return look();
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.subscribe(() => {
      if (look().every(isKnown)) resolve();
    });
    const timer = setTimeout(() => resolve(), patienceMs);
    await promise;
    clearTimeout(timer);
    stop();
    return look();
  }

  /** Somebody else is signed in, or rights are known to have changed. */
  forget(): void {
    this.#known.clear();
    this.#tell();
  }

  #wait(key: string, check: AccessCheck): void {
    if (this.#waiting.has(key)) return;
    if (this.#waiting.size === 0) this.#options.soon(() => void this.#askAll());
    this.#waiting.set(key, check);
  }

  async #askAll(): Promise<void> {
    const all = [...this.#waiting];
    this.#waiting.clear();
    const askedAt = this.#options.now();
    // Not asked a second time while on the way.
    for (const [key] of all) this.#keep(key, { right: this.#known.get(key)?.right ?? UNKNOWN, askedAt });
    for (let start = 0; start < all.length; start += BATCH) {
      await this.#askSome(all.slice(start, start + BATCH), askedAt);
    }
  }

  async #askSome(some: readonly (readonly [string, AccessCheck])[], askedAt: number): Promise<void> {
    const given = await this.#options
      .ask(some.map(([, check]) => check))
      .catch((): AccessAnswers => ({ answers: [] }));
    let changed = false;
    for (const [index, [key]] of some.entries()) {
      const right = rightOf(given.answers[index]);
      changed ||= JSON.stringify(this.#known.get(key)?.right) !== JSON.stringify(right);
      this.#keep(key, { right, askedAt });
    }
    if (changed) this.#tell();
  }

  #keep(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value!);
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

const isKnown = (right: Right): boolean => right.state !== 'unknown';

function rightOf(answer: AccessAnswers['answers'][number] | undefined): Right {
  if (!answer) return UNKNOWN;
  return answer.allowed ? ALLOWED : { state: 'refused', reason: answer.reason };
}

const keyOf = ({ verb, group, resource, subresource, namespace, name }: AccessCheck): string =>
  [verb, group, resource, subresource ?? '', namespace ?? '', name ?? ''].join(' ');
