import { objectKey, recordFor, type ControllerContext } from '../life/controller-context.ts';
import { isDeleting, ownerReference } from '../life/pod-state.ts';
import type { Condition } from '../life/pod-types.ts';
import { isFinal } from './instance-controller.ts';
import { RESOURCES } from '../life/resources.ts';
import { KUBEVIRT } from './kubevirt-resources.ts';
import type { Instance, Snapshot, SnapshotContent, VirtualMachine, VolumeBackup } from './vm-types.ts';

/** From the request until the volumes' snapshots are ready. */
const TAKE_MS = 800;
const MISSING_SOURCE_MS = 5_000;
const IDENTITY = {
  component: 'snapshot-controller',
  apiVersion: 'snapshot.kubevirt.io/v1beta1',
  kind: 'VirtualMachineSnapshot',
};

/** Takes each snapshot once: a copy of the machine's spec as its content. Volumes hold nothing here, so nothing else is kept. */
export function addSnapshotController(context: ControllerContext): void {
  const { world, loop } = context;
  const snapshots = world.mirror<Snapshot>(KUBEVIRT.snapshots);
  const enqueue = loop.register('virtualmachinesnapshots', async (key) => {
    const snapshot = snapshots.get(key);
    return snapshot && !isDeleting(snapshot) ? advance(context, snapshot) : undefined;
  });
  snapshots.onChange((snapshot) => enqueue(objectKey(snapshot)));
  world.mirror<SnapshotContent>(KUBEVIRT.snapshotContents);
}

async function advance(context: ControllerContext, snapshot: Snapshot): Promise<number | void> {
  if (snapshot.status?.phase === 'Succeeded' || snapshot.status?.phase === 'Failed') return undefined;
  const { world } = context;
  const key = `${snapshot.metadata.namespace}/${snapshot.spec.source.name}`;
  const vm = world.mirror<VirtualMachine>(KUBEVIRT.virtualMachines).get(key);
  if (!vm) {
    await waitFor(context, snapshot, 'Source does not exist');
    return MISSING_SOURCE_MS;
  }
  if (snapshot.status?.sourceUID === undefined) {
    const conditions = [...progress(world.time(), 'True', 'Source locked and operation in progress')];
    await world.patchStatus(KUBEVIRT.snapshots, snapshot, {
      phase: 'InProgress',
      readyToUse: false,
      sourceUID: vm.metadata.uid,
      conditions,
    });
    await world.patchStatus(KUBEVIRT.virtualMachines, vm, { snapshotInProgress: snapshot.metadata.name });
    return TAKE_MS;
  }
  const since = Date.parse(snapshot.metadata.creationTimestamp ?? '');
  const wait = since + TAKE_MS - world.clock.now();
  return wait > 0 ? wait : take(context, snapshot, vm);
}

async function take(context: ControllerContext, snapshot: Snapshot, vm: VirtualMachine): Promise<undefined> {
  const { world } = context;
  const time = world.time();
  const content = await world.ensure<SnapshotContent>(KUBEVIRT.snapshotContents, {
    apiVersion: 'snapshot.kubevirt.io/v1beta1',
    kind: 'VirtualMachineSnapshotContent',
    metadata: {
      name: `vmsnapshot-content-${snapshot.metadata.uid}`,
      namespace: snapshot.metadata.namespace!,
      ...(snapshot.spec.deletionPolicy !== 'Retain' && {
        ownerReferences: [ownerReference(snapshot, IDENTITY.apiVersion, IDENTITY.kind)],
      }),
    },
    spec: {
      virtualMachineSnapshotName: snapshot.metadata.name!,
      source: {
        virtualMachine: {
          metadata: {
            name: vm.metadata.name!,
            namespace: vm.metadata.namespace!,
            labels: { ...vm.metadata.labels },
          },
          spec: structuredClone(vm.spec),
        },
      },
      volumeBackups: backupsOf(context, vm, snapshot),
    },
  });
  await world.patchStatus(KUBEVIRT.snapshotContents, content, { readyToUse: true, creationTime: time });
  await world.patchStatus(KUBEVIRT.virtualMachines, vm, { snapshotInProgress: null });
  await world.patchStatus(KUBEVIRT.snapshots, snapshot, {
    phase: 'Succeeded',
    readyToUse: true,
    creationTime: time,
    virtualMachineSnapshotContentName: content.metadata.name,
    conditions: progress(time, 'False', 'Operation complete', 'Ready'),
    snapshotVolumes: volumesOf(vm),
    ...indications(context, vm),
  });
  const message = `Successfully created VirtualMachineSnapshot ${snapshot.metadata.name}`;
  await recordFor(
    context,
    IDENTITY,
    snapshot,
    'Normal',
    'SuccessfulVirtualMachineSnapshotContentCreate',
    message,
  );
  return undefined;
}

function indications(context: ControllerContext, vm: VirtualMachine): object {
  const key = `${vm.metadata.namespace}/${vm.metadata.name}`;
  const instance = context.world.mirror<Instance>(KUBEVIRT.instances).get(key);
  if (!instance || isFinal(instance)) return {};
  return {
    indications: ['NoGuestAgent', 'Online'],
    sourceIndications: [
      {
        indication: 'NoGuestAgent',
        message:
          'Guest agent was not available. Snapshot is crash-consistent and may not be application-consistent.',
      },
      {
        indication: 'Online',
        message: 'Snapshot taken while the VM was running. Consistency depends on guest-agent quiescing.',
      },
    ],
  };
}

function volumesOf(vm: VirtualMachine): object {
  const volumes = vm.spec.template.spec.volumes ?? [];
  const durable = volumes
    .filter((one) => one.dataVolume ?? one.persistentVolumeClaim)
    .map(({ name }) => name);
  const others = volumes.map(({ name }) => name).filter((name) => !durable.includes(name));
  return {
    ...(durable.length > 0 && { includedVolumes: durable }),
    ...(others.length > 0 && { excludedVolumes: others }),
  };
}

/** Of each durable volume its claim as it is; the copies themselves are only names here. */
function backupsOf(context: ControllerContext, vm: VirtualMachine, snapshot: Snapshot): VolumeBackup[] {
  const claims = context.world.mirror(RESOURCES.persistentVolumeClaims);
  return (vm.spec.template.spec.volumes ?? []).flatMap(({ name, dataVolume, persistentVolumeClaim }) => {
    const claim = claims.get(
      `${vm.metadata.namespace}/${persistentVolumeClaim?.claimName ?? dataVolume?.name ?? ''}`,
    );
    if (!claim) return [];
    const { name: claimName = '', namespace = '', labels } = claim.metadata;
    return [
      {
        volumeName: name,
        persistentVolumeClaim: {
          metadata: { name: claimName, namespace, ...(labels && { labels }) },
          spec: structuredClone(claim['spec']) as object,
        },
        volumeSnapshotName: `vmsnapshot-${snapshot.metadata.uid}-volume-${name}`,
      },
    ];
  });
}

async function waitFor(context: ControllerContext, snapshot: Snapshot, why: string): Promise<void> {
  if (snapshot.status?.conditions?.[0]?.reason === why) return;
  await context.world.patchStatus(KUBEVIRT.snapshots, snapshot, {
    phase: 'InProgress',
    readyToUse: false,
    conditions: ['Progressing', 'Ready'].map((type) => ({
      type,
      status: 'False',
      reason: type === 'Ready' ? 'Not ready' : why,
      lastTransitionTime: context.world.time(),
      lastProbeTime: null,
    })),
  });
}

/** The two conditions of snapshots and restores: under way, or done. */
export function progress(
  time: string,
  progressing: 'True' | 'False',
  reason: string,
  readiness = reason,
): Condition[] {
  const ready = progressing === 'True' ? 'False' : 'True';
  const whys = progressing === 'True' ? [reason, 'Not ready'] : [reason, readiness];
  return [
    {
      type: 'Progressing',
      status: progressing,
      reason: whys[0]!,
      lastTransitionTime: time,
      lastProbeTime: null,
    },
    { type: 'Ready', status: ready, reason: whys[1]!, lastTransitionTime: time, lastProbeTime: null },
  ];
}
