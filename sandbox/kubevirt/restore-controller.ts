import { objectKey, recordFor, type ControllerContext } from '../life/controller-context.ts';
import { isDeleting } from '../life/pod-state.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { KUBEVIRT } from './kubevirt-resources.ts';
import { progress } from './snapshot-controller.ts';
import type { Instance, Restore, Snapshot, SnapshotContent, VirtualMachine } from './vm-types.ts';

const APPLY_MS = 600;
const WAIT_MS = 1_000;
const IDENTITY = {
  component: 'restore-controller',
  apiVersion: 'snapshot.kubevirt.io/v1beta1',
  kind: 'VirtualMachineRestore',
};
const TARGET_RUNS =
  'Waiting for target VM to be powered off. Please stop the restore target to proceed with restore, or the operation will fail after 5m0s';
const TARGET_EXISTS = 'restore source and restore target are different but restore target already exists';

/** Puts a snapshot's spec back, into the machine that it was taken of (once that is off) or into a new one. */
export function addRestoreController(context: ControllerContext): void {
  const { world, loop } = context;
  const restores = world.mirror<Restore>(KUBEVIRT.restores);
  const enqueue = loop.register('virtualmachinerestores', async (key) => {
    const restore = restores.get(key);
    if (!restore || isDeleting(restore) || restore.status?.complete) return undefined;
    return advance(context, restore);
  });
  restores.onChange((restore) => enqueue(objectKey(restore)));
}

async function advance(context: ControllerContext, restore: Restore): Promise<number | void> {
  const { world } = context;
  const namespace = restore.metadata.namespace!;
  const snapshot = world
    .mirror<Snapshot>(KUBEVIRT.snapshots)
    .get(`${namespace}/${restore.spec.virtualMachineSnapshotName}`);
  const content = world
    .mirror<SnapshotContent>(KUBEVIRT.snapshotContents)
    .get(`${namespace}/${snapshot?.status?.virtualMachineSnapshotContentName ?? ''}`);
  const source = content?.spec.source.virtualMachine;
  if (!snapshot?.status?.readyToUse || !source?.spec) {
    const name = `${namespace}/${restore.spec.virtualMachineSnapshotName}`;
    await wait(context, restore, `VMSnapshot ${name} ${snapshot ? 'not ready' : 'does not exist'}`);
    return WAIT_MS;
  }
  const key = `${namespace}/${restore.spec.target.name}`;
  if (world.mirror<Instance>(KUBEVIRT.instances).get(key)) {
    await wait(context, restore, TARGET_RUNS);
    return WAIT_MS;
  }
  const vm = world.mirror<VirtualMachine>(KUBEVIRT.virtualMachines).get(key);
  if (vm && snapshot.spec.source.name !== vm.metadata.name) {
    await wait(context, restore, TARGET_EXISTS);
    return WAIT_MS;
  }
  if (await tell(context, restore, 'Creating new PVCs')) return APPLY_MS;
  await (vm ? writeBack(context, vm, source.spec) : createNew(context, restore, source));
  return complete(context, restore);
}

async function writeBack(
  context: ControllerContext,
  vm: VirtualMachine,
  spec: VirtualMachine['spec'],
): Promise<void> {
  const { name = '', namespace = '' } = vm.metadata;
  const latest = await context.world.client.get<VirtualMachine>(KUBEVIRT.virtualMachines, name, namespace);
  // A machine that was on when the snapshot was taken does not start by being restored.
  const { running: _running, runStrategy, ...rest } = structuredClone(spec);
  const strategy = runStrategy === 'Manual' || runStrategy === 'RerunOnFailure' ? runStrategy : 'Halted';
  await context.world.client.update(KUBEVIRT.virtualMachines, {
    ...latest,
    spec: { ...rest, runStrategy: latest.spec.runStrategy === 'Manual' ? 'Manual' : strategy },
  });
}

async function createNew(
  context: ControllerContext,
  restore: Restore,
  source: Partial<VirtualMachine>,
): Promise<void> {
  const copied: VirtualMachine = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: restore.spec.target.name,
      namespace: restore.metadata.namespace!,
      labels: { ...source.metadata?.labels },
    },
    spec: { ...structuredClone(source.spec!), runStrategy: 'Halted' },
  };
  const patches = (restore.spec.patches ?? []).map((text): unknown => JSON.parse(text));
  await context.world.ensure(KUBEVIRT.virtualMachines, applyJsonPatch(copied, patches));
}

async function complete(context: ControllerContext, restore: Restore): Promise<undefined> {
  const time = context.world.time();
  await context.world.patchStatus(KUBEVIRT.restores, restore, {
    complete: true,
    restoreTime: time,
    conditions: progress(time, 'False', 'Operation complete'),
  });
  const message = `Successfully completed VirtualMachineRestore ${restore.metadata.name}`;
  await recordFor(context, IDENTITY, restore, 'Normal', 'VirtualMachineRestoreComplete', message);
  return undefined;
}

/** False when that is what it says already. */
async function tell(context: ControllerContext, restore: Restore, why: string): Promise<boolean> {
  if (restore.status?.conditions?.[0]?.reason === why) return false;
  await context.world.patchStatus(KUBEVIRT.restores, restore, {
    complete: false,
    conditions: progress(context.world.time(), 'True', why),
  });
  return true;
}

/** Neither under way nor ready, and why. */
async function wait(context: ControllerContext, restore: Restore, why: string): Promise<void> {
  if (restore.status?.conditions?.[0]?.reason === why) return;
  const lastTransitionTime = context.world.time();
  await context.world.patchStatus(KUBEVIRT.restores, restore, {
    complete: false,
    conditions: ['Progressing', 'Ready'].map((type) => ({
      type,
      status: 'False',
      reason: why,
      lastTransitionTime,
      lastProbeTime: null,
    })),
  });
}
