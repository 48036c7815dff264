import { objectKey, recordFor, type ControllerContext } from '../life/controller-context.ts';
import { isDeleting, isFinished, isReady } from '../life/pod-state.ts';
import type { Pod } from '../life/pod-types.ts';
import { RESOURCES } from '../life/resources.ts';
import type { Guests } from './guest/guests.ts';
import { isFinal } from './instance-controller.ts';
import { KUBEVIRT, MIGRATION_LABEL } from './kubevirt-resources.ts';
import { launcherPod } from './launcher-pod.ts';
import type { Instance, Migration } from './vm-types.ts';

/** Copying the guest's memory takes about so long. */
const COPY_MS = 1_500;
const IDENTITY = {
  component: 'virt-controller',
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstanceMigration',
};

type MigrationPhase = NonNullable<NonNullable<Migration['status']>['phase']>;

/** Moves a running guest into a pod on another node: Pending, Scheduling, Scheduled, Running, Succeeded or Failed. */
export function addMigrationController(context: ControllerContext, guests: Guests): void {
  const { world, loop } = context;
  const migrations = world.mirror<Migration>(KUBEVIRT.migrations);
  const enqueue = loop.register('virtualmachineinstancemigrations', async (key) => {
    const migration = migrations.get(key);
    return migration && !isDeleting(migration) ? advance(context, guests, migration) : undefined;
  });
  migrations.onChange((migration) => enqueue(objectKey(migration)));
  world.mirror<Pod>(RESOURCES.pods).onChange((pod) => {
    const uid = pod.metadata.labels?.[MIGRATION_LABEL];
    if (uid === undefined) return;
    for (const migration of migrations.inNamespace(pod.metadata.namespace ?? ''))
      if (migration.metadata.uid === uid) enqueue(objectKey(migration));
  });
}

async function advance(
  context: ControllerContext,
  guests: Guests,
  migration: Migration,
): Promise<number | void> {
  const { world } = context;
  const phase = migration.status?.phase ?? 'Pending';
  if (phase === 'Succeeded' || phase === 'Failed') return undefined;
  const instance = world
    .mirror<Instance>(KUBEVIRT.instances)
    .get(`${migration.metadata.namespace}/${migration.spec.vmiName}`);
  if (!instance || isFinal(instance) || isDeleting(instance))
    return fail(context, migration, undefined, 'the virtual machine instance is not running');
  const target = world
    .mirror<Pod>(RESOURCES.pods)
    .ownedBy(instance.metadata.uid!)
    .find((pod) => pod.metadata.labels?.[MIGRATION_LABEL] === migration.metadata.uid);
  if (target && isFinished(target)) return fail(context, migration, instance, 'the target pod has ended');
  if (!target) return begin(context, migration, instance);
  if (phase === 'Scheduling' && isReady(target)) return copy(context, migration, instance, target);
  if (phase === 'Running') return switchOver(context, guests, migration, instance, target);
  return undefined;
}

async function begin(
  context: ControllerContext,
  migration: Migration,
  instance: Instance,
): Promise<undefined> {
  const sourceNode = instance.status?.nodeName ?? '';
  await context.world.create(
    RESOURCES.pods,
    launcherPod(instance, { uid: migration.metadata.uid!, sourceNode }),
  );
  await move(context, migration, 'Scheduling');
  return undefined;
}

async function copy(
  context: ControllerContext,
  migration: Migration,
  instance: Instance,
  target: Pod,
): Promise<number> {
  const state = {
    migrationUid: migration.metadata.uid!,
    sourceNode: instance.status?.nodeName ?? '',
    targetNode: target.spec.nodeName ?? '',
    targetPod: target.metadata.name ?? '',
    startTimestamp: context.world.time(),
    completed: null,
    endTimestamp: null,
  };
  await context.world.patchStatus(KUBEVIRT.instances, instance, { migrationState: state });
  await move(context, migration, 'Running');
  return COPY_MS;
}

async function switchOver(
  context: ControllerContext,
  guests: Guests,
  migration: Migration,
  instance: Instance,
  target: Pod,
): Promise<number | void> {
  const since = Date.parse(instance.status?.migrationState?.startTimestamp ?? '');
  const wait = since + COPY_MS - context.world.clock.now();
  if (wait > 0) return wait;
  const node = target.spec.nodeName ?? '';
  // Told before the source ends: a finished pod that is not the active one is no end of the instance.
  await context.world.patchStatus(KUBEVIRT.instances, instance, {
    nodeName: node,
    activePods: { ...nulled(instance.status?.activePods), [target.metadata.uid!]: node },
    migrationState: { completed: true, endTimestamp: context.world.time() },
  });
  if (!guests.handOver(instance.metadata.uid!, target.metadata.uid!))
    return fail(context, migration, instance, 'the target does not answer');
  const source = { ...IDENTITY, kind: 'VirtualMachineInstance', component: 'virt-handler' };
  const message = `The VirtualMachineInstance migrated to node ${node}.`;
  await recordFor(context, source, instance, 'Normal', 'Migrated', message);
  await move(context, migration, 'Succeeded');
  return undefined;
}

async function fail(
  context: ControllerContext,
  migration: Migration,
  instance: Instance | undefined,
  why: string,
): Promise<undefined> {
  if (instance && instance.status?.migrationState?.migrationUid === migration.metadata.uid)
    await context.world.patchStatus(KUBEVIRT.instances, instance, { migrationState: null });
  await recordFor(context, IDENTITY, migration, 'Warning', 'FailedMigration', `The migration failed: ${why}`);
  await move(context, migration, 'Failed');
  return undefined;
}

async function move(context: ControllerContext, migration: Migration, phase: MigrationPhase): Promise<void> {
  const times = migration.status?.phaseTransitionTimestamps ?? [];
  await context.world.patchStatus(KUBEVIRT.migrations, migration, {
    phase,
    phaseTransitionTimestamps: [...times, { phase, phaseTransitionTimestamp: context.world.time() }].slice(
      -10,
    ),
  });
}

const nulled = (fields: Record<string, string> = {}): Record<string, null> =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, null]));
