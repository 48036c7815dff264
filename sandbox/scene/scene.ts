import type { KubeObject } from '@krateyard/kube/meta/object';
import { isConflict, isNotFound } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { LocalClient } from '../api/local-client.ts';
import { RESOURCES } from '../life/resources.ts';
import { cdiDefinitions } from '../cdi/definitions.ts';
import { cdiRoles } from '../cdi/roles.ts';
import { kubevirtDefinitions } from '../kubevirt/definitions.ts';
import { kubevirtBindings, kubevirtRoles } from '../kubevirt/roles.ts';
import { wukongDefinitions } from '../wukong/definitions.ts';
import { wukongRoles } from '../wukong/roles.ts';
import { backdate } from './backdate.ts';
import { CHECKOUT_UPDATE, demoBusiness } from './demo-business.ts';
import { demoCatalog } from './demo-catalog.ts';
import { demoCustomObjects, demoDefinitions } from './demo-custom.ts';
import { demoNamespaces, demoNodes, demoSystem } from './demo-system.ts';
import { demoMachines } from './demo-machines.ts';
import { demoWukongs } from './demo-wukongs.ts';
import { applyLoad } from './load.ts';
import { basics } from './scene-basics.ts';
import { nodeObject } from './scene-nodes.ts';
import { writeAll } from './scene-writer.ts';

export interface SceneOptions {
  readonly client: LocalClient;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Ends what a scene does later. */
  readonly signal?: AbortSignal;
}

/** When the demo's checkout gets its bad version: after the first one has come up. */
const CHECKOUT_UPDATE_MS = 20_000;

const MAX_TURNS = 200;

/** `none`, `demo` or `pods=N`: true where there is such a scene. */
function isScene(name: string): boolean {
  return /^(none|demo|pods=\d{1,6})$/.test(name);
}

/** Writes a scene's objects into an empty cluster; life does the rest. The same clock and random give the same cluster. */
export async function applyScene(name: string, options: SceneOptions): Promise<void> {
  if (!isScene(name)) throw new Error(`There is no scene "${name}": choose none, demo or pods=N.`);
  const { client, clock } = options;
  if (name === 'none')
    await writeAll(
      client,
      [0, 1].map((index) => nodeObject({ name: `node-${index + 1}`, index, cpu: 8, memoryGi: 16 })),
    );
  await writeAll(client, basics());
  if (name === 'demo') await applyDemo(options);
  if (name.startsWith('pods=')) await applyLoad(client, clock, Number(name.slice('pods='.length)));
}

async function applyDemo({ client, clock, signal }: SceneOptions): Promise<void> {
  const ground = [
    ...demoNodes(),
    ...demoNamespaces(),
    ...demoDefinitions(),
    ...kubevirtDefinitions(),
    ...kubevirtRoles(),
    ...kubevirtBindings(),
    ...cdiDefinitions(),
    ...cdiRoles(),
    ...wukongDefinitions(),
    ...wukongRoles(),
  ];
  const workloads = [...demoSystem(), ...demoBusiness()];
  const custom = [...demoCustomObjects(clock.now()), ...demoCatalog(), ...demoMachines(), ...demoWukongs()];
  await writeAll(client, [...ground, ...workloads]);
  await writeCustomObjects(client, custom);
  await backdate(client, [...ground, ...workloads, ...custom], clock.now());
  const cancel = clock.after(CHECKOUT_UPDATE_MS, () => void updateCheckout(client));
  signal?.addEventListener('abort', cancel, { once: true });
}

/** Custom kinds are served a turn or two of the event loop after their definition. */
async function writeCustomObjects(client: LocalClient, objects: readonly KubeObject[]): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    try {
      return await writeAll(client, objects);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  throw new Error("The demo's custom kinds are not served.");
}

/** The rollout that gets stuck. Somebody may have taken the Deployment away by then. */
async function updateCheckout(client: LocalClient): Promise<void> {
  const { namespace, name, image } = CHECKOUT_UPDATE;
  try {
    const checkout = await client.get<
      KubeObject & { spec: { template: { spec: { containers: object[] } } } }
    >(RESOURCES.deployments, name, namespace);
    const containers = checkout.spec.template.spec.containers.map((container) => ({ ...container, image }));
    await client.patch(RESOURCES.deployments, name, namespace, {
      metadata: { annotations: { 'kubernetes.io/change-cause': 'release 3.1.0' } },
      spec: { template: { spec: { containers } } },
    });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
