import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheChange } from '@krateyard/kube/cache/cache';
import { createCache } from '@krateyard/kube/cache/create-cache';
import type { Client } from '@krateyard/kube/client/client';
import type { ClusterConfig } from '@krateyard/kube/client/cluster-config';
import { createClient } from '@krateyard/kube/client/create-client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound } from '@krateyard/status/status-error';
import { pollUntil } from '../harness/poll-until.ts';

const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' };
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };
const NAMES = 25;
/** Restarts hit a stream of changes, so some must get through between two. */
const WRITES_BETWEEN = 20;
const RECOVERED_WITHIN_MS = 60_000;

export interface RestartTarget {
  readonly config: ClusterConfig;
  /** Ends the API server without notice and brings it back; resolves when it answers. */
  restart(round: number): Promise<void>;
}

/**
 * A cache follows a stream of changes while the API server dies again and again. In the end it equals the API, and what
 * its observer was told, replayed from nothing, equals it too: nothing lost, nothing told twice.
 */
export async function survivesRestarts(target: RestartTarget, restarts: number): Promise<void> {
  const client = createClient({ config: target.config });
  const cache = createCache({ client });
  const namespace = `restarts-${Date.now().toString(36)}`;
  const stop = new AbortController();
  try {
    await client.create(NAMESPACES, { metadata: { name: namespace } });
    using lease = cache.lease(CONFIG_MAPS);
    const replay = new Replay(lease.collection.entries());
    lease.collection.observe({ onChanges: (changes) => replay.take(changes) });
    await lease.collection.synced(AbortSignal.timeout(RECOVERED_WITHIN_MS));
    const writer = new Writer(client, namespace);
    const writing = writer.run(stop.signal);
    for (let round = 0; round < restarts; round += 1) {
      const goal = writer.done + WRITES_BETWEEN;
      await pollUntil(`writes to go on after ${round} restarts`, () => writer.done >= goal, {
        deadlineMs: RECOVERED_WITHIN_MS,
      });
      await target.restart(round);
    }
    stop.abort();
    await writing;
    const held = (): string => snapshot([...lease.collection.entries()].map(([, object]) => object));
    await pollUntil(
      `the cache to equal the API after ${writer.done} writes`,
      async () =>
        held() === snapshot((await client.list(CONFIG_MAPS)).items) &&
        lease.collection.freshness().state === 'live',
      { deadlineMs: RECOVERED_WITHIN_MS },
    );
    assert.deepEqual(replay.problems, []);
    assert.equal(snapshot(replay.objects()), held());
  } finally {
    stop.abort();
    await client.delete(NAMESPACES, namespace).catch(() => {});
    await cache.close();
    await client.close();
  }
}

/** Creates, changes and deletes objects until told to stop; what fails while the server is away is tried no more. */
class Writer {
  done = 0;
  readonly #client: Client;
  readonly #namespace: string;

  constructor(client: Client, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      try {
        await this.#write(round, `c${(round * 7) % NAMES}`);
        this.done += 1;
      } catch (error) {
        if (!isNotFound(error)) await sleep(50);
      }
      await sleep(5);
    }
  }

  async #write(round: number, name: string): Promise<void> {
    const namespace = this.#namespace;
    if (round % 3 === 2) {
      await this.#client.delete(CONFIG_MAPS, name, namespace);
      return;
    }
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: { round: String(round) },
    };
    await this.#client.apply(CONFIG_MAPS, object, { fieldManager: 'restarts', force: true });
  }
}

/** The state that follows from what an observer was told, and what cannot be true of it. */
class Replay {
  readonly problems: string[] = [];
  readonly #objects: Map<string, KubeObject>;
  readonly #told = new Set<string>();

  constructor(entries: Iterable<readonly [string, KubeObject]>) {
    this.#objects = new Map(entries);
  }

  take(changes: readonly CacheChange[]): void {
    for (const change of changes) {
      const version = `${change.type} ${change.key} ${change.object.metadata.uid} ${change.object.metadata.resourceVersion}`;
      if (this.#told.has(version)) this.problems.push(`told twice: ${version}`);
      this.#told.add(version);
      if (this.#objects.has(change.key) === (change.type === 'added'))
        this.problems.push(`out of order: ${version}`);
      if (change.type === 'deleted') this.#objects.delete(change.key);
      else this.#objects.set(change.key, change.object);
    }
  }

  objects(): KubeObject[] {
    return [...this.#objects.values()];
  }
}

function snapshot(objects: readonly KubeObject[]): string {
  return objects
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}@${metadata.resourceVersion}`)
    .toSorted()
    .join('\n');
}
