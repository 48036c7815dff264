import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Clock } from '@krateyard/telemetry/clock';
import type { LocalClient } from '../api/local-client.ts';
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
  const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  for (let index = 0; index < count; index++) {
    client.seed(RESOURCES.pods, runningPod(index, nodes, namespaces, time));
    if (index % BATCH === BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

function runningPod(index: number, nodes: number, namespaces: number, time: string): KubeObject {
  const tier = TIERS[index % TIERS.length]!;
  const node = index % nodes;
  const slot = 2 + Math.floor(index / nodes);
  const start = 10 * 2 ** 24 + 64 * 2 ** 16 + node * 1024 + slot;
  const podIP = [24, 16, 8, 0].map((shift) => (start >>> shift) & 255).join('.');
  const hostIP = `172.18.${Math.floor((node + 2) / 256)}.${(node + 2) % 256}`;
  const image = `registry.yard.example/load/${tier}:1.0`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${tier}-${String(index).padStart(6, '0')}`,
      namespace: `load-${index % namespaces}`,
      labels: { app: tier, batch: String(Math.floor(index / 1000)) },
    },
    spec: {
      nodeName: `load-${String(node).padStart(3, '0')}`,
      containers: [
        {
          name: tier,
          image,
          imagePullPolicy: 'IfNotPresent',
          resources: { requests: { cpu: '50m', memory: '64Mi' } },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      serviceAccountName: 'default',
      terminationGracePeriodSeconds: 30,
    },
    status: runningStatus(tier, image, podIP, hostIP, time),
  };
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
