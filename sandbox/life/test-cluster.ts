import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { silentLogger } from '@krateyard/telemetry/logger';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { createApiParts } from '../api/api-server.ts';
import { builtinResources } from '../api/builtin-resources.ts';
import { customDefinitionAdmission, serveCustomResources } from '../api/custom-resources.ts';
import { createInProcessClient } from '../api/in-process-client.ts';
import type { LocalClient } from '../api/local-client.ts';
import { namespaceLifecycle } from '../api/namespace-lifecycle.ts';
import { podAdmission } from '../api/pod-admission.ts';
import { ResourceRegistry } from '../api/resource-registry.ts';
import { serviceAdmission } from '../api/service-admission.ts';
import { storageAdmission } from '../api/storage-admission.ts';
import { MASTERS } from '../api/user.ts';
import { schemaSource } from '../schema-source.ts';
import { ObjectStore } from '../store/object-store.ts';
import { createLife, type Life } from './life.ts';
import { RESOURCES } from './resources.ts';

/** A whole cluster without sockets: the API server's own parts, life, and a clock that stands still. */
export interface TestCluster {
  readonly client: LocalClient;
  readonly clock: ManualClock;
  readonly life: Life;
  /** Moves time on in steps, letting everything settle in between. */
  advance(seconds: number, stepMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function openTestCluster(options: { nodes?: number } = {}): Promise<TestCluster> {
  const random = seededRandom(7);
  const clock = new ManualClock(Date.UTC(2026, 0, 1), random);
  const abort = new AbortController();
  const registry = new ResourceRegistry(builtinResources(schemaSource));
  const client = openClient(registry, clock, random, abort.signal);
  for (const name of ['default', 'kube-system', 'kube-node-lease'])
    await client.create(RESOURCES.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (let index = 0; index < (options.nodes ?? 2); index++)
    await client.create(RESOURCES.nodes, testNode(index));
  const life = createLife({ client, clock, random, logger: silentLogger, registry });
  const ended = life.start(abort.signal);
  await life.idle();
  return {
    client,
    clock,
    life,
    advance: async (seconds, stepMs = 500) => {
      await settle(life);
      for (let left = seconds * 1000; left > 0; left -= stepMs) {
        await clock.advance(Math.min(stepMs, left));
        await settle(life);
      }
    },
    stop: async () => {
      abort.abort();
      await ended;
    },
  };
}

async function settle(life: Life): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await life.idle();
}

function openClient(
  registry: ResourceRegistry,
  clock: ManualClock,
  random: () => number,
  signal: AbortSignal,
): LocalClient {
  const store = new ObjectStore();
  const admission = [
    namespaceLifecycle(store),
    podAdmission(store),
    serviceAdmission(store),
    storageAdmission(store),
    customDefinitionAdmission,
  ];
  const parts = createApiParts({ store, registry, admission, clock, random, logger: silentLogger });
  const user = { username: 'system:kube-controller-manager', groups: [MASTERS] };
  const client = createInProcessClient(parts, user);
  serveCustomResources(
    { client, registry, store, schemas: schemaSource, clock, logger: silentLogger },
    signal,
  );
  return client;
}

function testNode(index: number): KubeObject {
  const size = { cpu: '4', memory: '8Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node-${index}`, labels: { 'kubernetes.io/hostname': `node-${index}` } },
    spec: { podCIDR: `10.244.${index}.0/24` },
    status: {
      capacity: size,
      allocatable: size,
      addresses: [{ type: 'InternalIP', address: `172.18.0.${index + 2}` }],
    },
  };
}

/** mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
