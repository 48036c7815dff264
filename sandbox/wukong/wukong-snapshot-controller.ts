import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../life/controller-context.ts';
import { controllerOf, isDeleting, ownerReference } from '../life/pod-state.ts';
import { KUBEVIRT } from '../kubevirt/kubevirt-resources.ts';
import type { Snapshot } from '../kubevirt/vm-types.ts';
import { vmNameOf } from './wukong-machine.ts';
import { WUKONG, WUKONG_API_VERSION, WUKONG_LABEL } from './wukong-resources.ts';
import type { Wukong, WukongSnapshot } from './wukong-types.ts';

/** A snapshot that has not come about by then has failed. */
const TAKE_MS = 10 * 60_000;
const MISSING_MS = 5_000;
/** A snapshot of a Wukong that there is not waits so long for it. */
const MISSING_DEADLINE_MS = 60_000;
const IDENTITY: ControllerIdentity = {
  component: 'wukong-snapshot-controller',
  apiVersion: WUKONG_API_VERSION,
  kind: 'WukongSnapshot',
};

/** Takes each WukongSnapshot once, by a VirtualMachineSnapshot that it owns and that goes with it. */
export function addWukongSnapshotController(context: ControllerContext): void {
  const { world, loop } = context;
  const snapshots = world.mirror<WukongSnapshot>(WUKONG.snapshots);
  const enqueue = loop.register('wukongsnapshots', async (key) => {
    const snapshot = snapshots.get(key);
    return snapshot && !isDeleting(snapshot) ? advance(context, snapshot) : undefined;
  });
  snapshots.onChange((snapshot) => enqueue(objectKey(snapshot)));
  world.mirror<Snapshot>(KUBEVIRT.snapshots).onChange((taken) => {
    const key = controllerKey(taken, 'WukongSnapshot');
    if (key !== undefined) enqueue(key);
  });
}

async function advance(context: ControllerContext, snapshot: WukongSnapshot): Promise<number | undefined> {
  const { phase } = snapshot.status ?? {};
  if (phase === 'Failed') return undefined;
  const { world } = context;
  const namespace = snapshot.metadata.namespace!;
  const name = snapshotNameOf(snapshot);
  const taken = world.mirror<Snapshot>(KUBEVIRT.snapshots).get(`${namespace}/${name}`);
  if (phase === 'Succeeded') return taken ? undefined : fail(context, snapshot, `snapshot ${name} is gone`);
  const age = world.clock.now() - Date.parse(snapshot.metadata.creationTimestamp ?? '');
  if (taken && controllerOf(taken)?.uid !== snapshot.metadata.uid)
    return fail(context, snapshot, `snapshot ${name} is there and is not this one's`);
  if (taken) return follow(context, snapshot, taken, age);
  if (phase === 'Creating') return fail(context, snapshot, `snapshot ${name} was deleted meanwhile`);
  const wukong = world.mirror<Wukong>(WUKONG.wukongs).get(`${namespace}/${snapshot.spec.wukongName}`);
  if (wukong?.status?.vmName === undefined || isDeleting(wukong)) {
    const what = wukong ? 'has no virtual machine' : 'does not exist';
    if (age >= MISSING_DEADLINE_MS)
      return fail(context, snapshot, `wukong ${snapshot.spec.wukongName} ${what}`);
    if (phase !== 'Pending') await tell(context, snapshot, { phase: 'Pending' });
    return MISSING_MS;
  }
  await take(context, snapshot, wukong, name);
  return TAKE_MS;
}

async function take(
  context: ControllerContext,
  snapshot: WukongSnapshot,
  wukong: Wukong,
  name: string,
): Promise<void> {
  await context.world.ensure<Snapshot>(KUBEVIRT.snapshots, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshot',
    metadata: {
      name,
      namespace: snapshot.metadata.namespace!,
      labels: { [WUKONG_LABEL]: wukong.metadata.name! },
      ownerReferences: [ownerReference(snapshot, WUKONG_API_VERSION, 'WukongSnapshot')],
    },
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vmNameOf(wukong) } },
  });
  await tell(context, snapshot, { phase: 'Creating', snapshotName: name });
}

async function follow(
  context: ControllerContext,
  snapshot: WukongSnapshot,
  taken: Snapshot,
  age: number,
): Promise<number | undefined> {
  const { phase, readyToUse, error, creationTime } = taken.status ?? {};
  const snapshotName = taken.metadata.name!;
  if (phase === 'Failed') return fail(context, snapshot, error?.message ?? 'the snapshot failed');
  if (readyToUse) {
    await tell(context, snapshot, {
      phase: 'Succeeded',
      snapshotName,
      creationTime: creationTime ?? context.world.time(),
    });
    await recordFor(context, IDENTITY, snapshot, 'Normal', 'Succeeded', `Snapshot ${snapshotName} is ready`);
    return undefined;
  }
  if (age >= TAKE_MS)
    return fail(
      context,
      snapshot,
      `within ${TAKE_MS / 60_000} minutes snapshot ${snapshotName} was not ready`,
    );
  if (snapshot.status?.phase !== 'Creating')
    await tell(context, snapshot, { phase: 'Creating', snapshotName });
  return TAKE_MS - age;
}

async function fail(context: ControllerContext, snapshot: WukongSnapshot, error: string): Promise<undefined> {
  await tell(context, snapshot, { phase: 'Failed', error });
  await recordFor(context, IDENTITY, snapshot, 'Warning', 'Failed', error);
  return undefined;
}

async function tell(context: ControllerContext, snapshot: WukongSnapshot, status: object): Promise<void> {
  await context.world.patchStatus(WUKONG.snapshots, snapshot, status);
}

/** The same for the same WukongSnapshot, so that what could not be written down is not taken twice. */
function snapshotNameOf({ metadata }: WukongSnapshot): string {
  return `${metadata.name!.slice(0, 240)}-${metadata.uid!.slice(0, 8)}`;
}
