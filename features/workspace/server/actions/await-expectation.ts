import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import type { Collection } from '@krateyard/kube/cache/cache';
import { formatKey } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound, StatusError } from '@krateyard/status/status-error';
import { leaseSynced } from '../resources/synced-collection.ts';
import type { ActionDeps, Expectation, Verdict } from './action.ts';

/** Between two looks at what else holds it up. */
const DETAIL_MS = 3_000;
/** Between two reads where the gateway itself cannot watch. */
const POLL_MS = 2_000;

interface Waiting {
  readonly deps: ActionDeps;
  readonly who: Principal;
  readonly client: Client;
  readonly expectation: Expectation;
  /** Why not yet, in words; may be told the same twice. */
  readonly onWhy: (why: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Resolves when the watch shows what is expected, with what there is to say about it. Rejects with Timeout and the last
 * reason at the deadline, with what makes it hopeless, with Forbidden when the person may not see the object, or with the
 * signal's reason.
 */
export async function awaitExpectation(waiting: Waiting): Promise<string | undefined> {
  const { deps, who, expectation, signal } = waiting;
  const { kind, name, namespace, deadlineMs } = expectation;
  await deps.access.require(who, { verb: 'get', resource: kind, namespace, name }, signal);
  const over = new AbortController();
  const state = { why: 'nothing has been seen yet' };
  const cancel = deps.clock.after(deadlineMs, () => over.abort(late(deadlineMs, state.why)));
  const told: Waiting = {
    ...waiting,
    signal: AbortSignal.any([signal, over.signal]),
    onWhy: (why) => {
      state.why = why;
      waiting.onWhy(why);
    },
  };
  try {
    return await watched(told);
  } finally {
    cancel();
  }
}

function late(deadlineMs: number, why: string): StatusError {
  const minutes = Math.round(deadlineMs / 60_000);
  return new StatusError(
    'Timeout',
    `The API server has accepted it, but within ${minutes} minutes it was not seen to happen: ${why}`,
  );
}

async function watched(waiting: Waiting): Promise<string | undefined> {
  const { deps, expectation, signal } = waiting;
  // Where the gateway may not watch (or the cache is full), the object is read as the person instead.
  const lease = await leaseSynced(deps.cache, expectation.kind, signal).catch(() => undefined);
  signal.throwIfAborted();
  if (!lease) return polled(waiting);
  using held = lease;
  const narrowed = held.collection.namespaces();
  if (narrowed && !narrowed.has(expectation.namespace ?? '')) return await polled(waiting);
  return await fromCollection(waiting, held.collection);
}

function fromCollection(waiting: Waiting, collection: Collection): Promise<string | undefined> {
  const { deps, expectation, signal } = waiting;
  const key = formatKey({ name: expectation.name, namespace: expectation.namespace ?? '' });
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const judge = new Judge(waiting);
  const look = (): void => {
    try {
      const verdict = judge.verdict(collection.get(key));
      if (verdict.seen) resolve(verdict.message);
    } catch (error) {
      reject(error as Error);
    }
  };
  const stops = [
    collection.observe({
      onChanges: (changes) => {
        if (changes.some((change) => change.key === key)) look();
      },
    }),
    deps.clock.every(DETAIL_MS * (0.75 + deps.clock.random() / 2), () => void judge.tellDetail()),
  ];
  const onAbort = (): void => reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  look();
  void judge.tellDetail();
  return promise.finally(() => {
    for (const stop of stops) stop();
    signal.removeEventListener('abort', onAbort);
    judge.end();
  });
}

async function polled(waiting: Waiting): Promise<string | undefined> {
  const { deps, client, expectation, signal } = waiting;
  const { kind, name, namespace } = expectation;
  const judge = new Judge(waiting);
  try {
    for (;;) {
      const object = await client.get(kind, name, namespace, { signal }).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
      const verdict = judge.verdict(object);
      if (verdict.seen) return verdict.message;
      await judge.tellDetail();
      await deps.clock.sleep(POLL_MS * (0.75 + deps.clock.random() / 2), signal);
    }
  } finally {
    judge.end();
  }
}

/** Judges one state after the other and keeps the words up to date. */
class Judge {
  readonly #waiting: Waiting;
  #last: KubeObject | undefined;
  #why = '';
  #detail = '';
  #asking = false;
  #ended = false;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
  }

  /** Throws what makes it hopeless. */
  verdict(object: KubeObject | undefined): Verdict {
    const { expectation } = this.#waiting;
    if (object && isBefore(object, expectation.since)) return { seen: false, why: this.#why };
    this.#last = object;
    const verdict = expectation.judge(object);
    if (verdict.seen) return verdict;
    if (verdict.hopeless) throw verdict.hopeless;
    this.#why = verdict.why;
    this.#tell();
    return verdict;
  }

  async tellDetail(): Promise<void> {
    const { detail } = this.#waiting.expectation;
    if (!detail || !this.#last || this.#asking) return;
    this.#asking = true;
    const found = await detail(this.#last).catch(() => undefined);
    this.#asking = false;
    if (found === undefined || this.#ended) return;
    this.#detail = found;
    this.#tell();
  }

  end(): void {
    this.#ended = true;
  }

  #tell(): void {
    this.#waiting.onWhy([this.#why, this.#detail].filter(Boolean).join('. '));
  }
}

/** Versions of one resource are numbers in etcd's order wherever we have met them; others are taken as new enough. */
function isBefore(object: KubeObject, since: string | undefined): boolean {
  const version = object.metadata.resourceVersion ?? '';
  if (since === undefined || !/^\d+$/.test(since) || !/^\d+$/.test(version)) return false;
  return BigInt(version) < BigInt(since);
}
