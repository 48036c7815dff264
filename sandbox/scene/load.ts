import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Clock } from '@krateyard/telemetry/clock';
import type { LocalClient } from '../api/local-client.ts';
import { PREPARED_POD } from '../life/kubelet/kubelet.ts';
import { RESOURCES } from '../life/resources.ts';
import { namespaceObject } from './scene-basics.ts';
import { nodeObject } from './scene-nodes.ts';
import { writeAll } from './scene-writer.ts';

const PER_NODE = 500;
const NAMESPACES = 20;
const TIERS = ['web', 'api', 'worker', 'cache'];
/** After so many pods others get a turn. */
const BATCH = 200;

/** N running pods on nodes that are large enough, written as they are: nothing schedules or starts them. */
export async function applyLoad(client: LocalClient, clock: Clock, count: number): Promise<void> {
  const nodes = Math.max(4, Math.ceil(count / PER_NODE));
  const namespaces = Math.max(1, Math.min(NAMESPACES, Math.ceil(count / 100)));
  const wishes = Array.from({ length: nodes }, (_, index) =>
    nodeObject({
      name: `load-${String(index).padStart(3, '0')}`,
      index,
      cpu: 128,
      memoryGi: 1024,
      pods: PER_NODE + 100,
      prefix: 22,
    }),
  );
  await writeAll(client, wishes);
  await writeAll(
    client,
    Array.from({ length: namespaces }, (_, index) => namespaceObject(`load-${index}`)),
  );
  for (let index = 0; index < count; index++) {
    await runningPod(client, clock, index, nodes, namespaces);
    if (index % BATCH === BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runningPod(
  client: LocalClient,
  clock: Clock,
  index: number,
  nodes: number,
  namespaces: number,
): Promise<void> {
  const tier = TIERS[index % TIERS.length]!;
  const node = index % nodes;
  const name = `${tier}-${String(index).padStart(6, '0')}`;
  const namespace = `load-${index % namespaces}`;
  const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  const image = `registry.yard.example/load/${tier}:1.0`;
  await client.create(RESOURCES.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { app: tier, batch: String(Math.floor(index / 1000)) },
      annotations: { [PREPARED_POD]: 'true' },
    },
    spec: {
      nodeName: `load-${String(node).padStart(3, '0')}`,
      containers: [{ name: tier, image, resources: { requests: { cpu: '50m', memory: '64Mi' } } }],
    },
  } as KubeObject);
  const slot = 2 + Math.floor(index / nodes);
  const ip = [24, 16, 8, 0]
    .map((shift) => ((10 * 2 ** 24 + 64 * 2 ** 16 + node * 1024 + slot) >>> shift) & 255)
    .join('.');
  await client.patch(
    RESOURCES.pods,
    name,
    namespace,
    {
      status: runningStatus(
        tier,
        image,
        ip,
        `172.18.${Math.floor((node + 2) / 256)}.${(node + 2) % 256}`,
        time,
      ),
    },
    'status',
  );
}

function runningStatus(
  container: string,
  image: string,
  podIP: string,
  hostIP: string,
  time: string,
): object {
  const condition = (type: string): object => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: time,
  });
  return {
    phase: 'Running',
    qosClass: 'Burstable',
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: time,
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
      condition,
    ),
    containerStatuses: [
      {
        name: container,
        image,
        imageID: image,
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: time } },
        lastState: {},
      },
    ],
  };
}
