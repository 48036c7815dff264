import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../life/controller-context.ts';
import { DATA_VOLUMES } from '../cdi/cdi-resources.ts';
import { canonical } from '../life/hash.ts';
import type { Mirror } from '../life/mirror.ts';
import { condition, isDeleting, ownerReference, withCondition } from '../life/pod-state.ts';
import type { Condition } from '../life/pod-types.ts';
import { isFinal } from './instance-controller.ts';
import { expanded, missingType } from './instancetype.ts';
import { INSTANCETYPES, KUBEVIRT } from './kubevirt-resources.ts';
import { ensureDataVolumes, volumesStatus } from './machine-volumes.ts';
import type { Served } from './served.ts';
import { printableStatus, restartCondition, runStrategyOf, vmConditions } from './vm-status.ts';
import type { Instance, StateChangeRequest, VirtualMachine } from './vm-types.ts';

interface Around extends ControllerContext {
  readonly served: Served;
}

interface Obstacle {
  readonly printable: string;
  readonly failure?: Condition;
}

const IDENTITY: ControllerIdentity = {
  component: 'virtualmachine-controller',
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
};
const FINALIZER = 'kubevirt.io/virtualMachineControllerFinalize';
/** A crashed instance is started again after this, then twice this, up to the longest. */
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 300_000;

/** Has an instance of each machine running, or none, as its run strategy and what was asked of it say. */
export function addVirtualMachineController(context: ControllerContext, served: Served): void {
  const { world, loop } = context;
  const around: Around = { ...context, served };
  const machines = world.mirror<VirtualMachine>(KUBEVIRT.virtualMachines);
  const instances = world.mirror<Instance>(KUBEVIRT.instances);
  const enqueue = loop.register('virtualmachines', async (key) => {
    const vm = machines.get(key);
    if (!vm) return undefined;
    const again = await reconcile(around, vm, instances.get(key));
    const latest = machines.get(key);
    if (latest) await tellStatus(around, latest, instances.get(key));
    return again;
  });
  machines.onChange((vm) => enqueue(objectKey(vm)));
  instances.onChange((instance) => {
    const key = controllerKey(instance, 'VirtualMachine');
    if (key !== undefined) enqueue(key);
  });
  followKinds(around, machines, enqueue);
}

/** Kinds that come later matter from then on: what machines wait for may be of them. */
function followKinds(
  { world, served }: Around,
  machines: Mirror<VirtualMachine>,
  enqueue: (key: string) => void,
): void {
  const again = (wanted: (vm: VirtualMachine) => boolean): void => {
    for (const vm of machines.all()) if (wanted(vm)) enqueue(objectKey(vm));
  };
  for (const gvr of Object.values(INSTANCETYPES))
    served.whenServed(gvr, () =>
      world.mirror(gvr).onChange(() => again(({ spec }) => Boolean(spec.instancetype ?? spec.preference))),
    );
  served.whenServed(DATA_VOLUMES, () =>
    world.mirror(DATA_VOLUMES).onChange((volume) => {
      const key = objectKey(volume);
      again(({ metadata, spec }) =>
        (spec.template.spec.volumes ?? []).some(
          ({ dataVolume }) => key === `${metadata.namespace}/${dataVolume?.name}`,
        ),
      );
    }),
  );
}

async function reconcile(
  context: Around,
  vm: VirtualMachine,
  instance: Instance | undefined,
): Promise<number | void> {
  if (isDeleting(vm)) return finish(context, vm, instance);
  if (!vm.metadata.finalizers?.includes(FINALIZER)) {
    const finalizers = [...(vm.metadata.finalizers ?? []), FINALIZER];
    await context.world.patch(KUBEVIRT.virtualMachines, vm, { metadata: { finalizers } });
  }
  if (vm.status?.restoreInProgress !== undefined) return undefined;
  if (vm.spec.dataVolumeTemplates && context.served.has(DATA_VOLUMES)) await ensureDataVolumes(context, vm);
  if (!instance) return begin(context, vm);
  await takeSockets(context, vm, instance);
  return keep(context, vm, instance);
}

async function finish(
  context: ControllerContext,
  vm: VirtualMachine,
  instance: Instance | undefined,
): Promise<undefined> {
  if (instance) {
    if (!isDeleting(instance)) await context.world.remove(KUBEVIRT.instances, instance);
    return undefined;
  }
  const finalizers = (vm.metadata.finalizers ?? []).filter((name) => name !== FINALIZER);
  if (finalizers.length !== (vm.metadata.finalizers ?? []).length)
    await context.world.patch(KUBEVIRT.virtualMachines, vm, { metadata: { finalizers } });
  return undefined;
}

/** With an instance: does it have to go? */
async function keep(
  context: ControllerContext,
  vm: VirtualMachine,
  instance: Instance,
): Promise<number | void> {
  if (isDeleting(instance)) return undefined;
  const [first] = requests(vm);
  const told = first?.action === 'Stop' && first.uid === instance.metadata.uid;
  const strategy = runStrategyOf(vm);
  const failed = instance.status?.phase === 'Failed';
  const renews = isFinal(instance) && (strategy === 'Always' || (strategy === 'RerunOnFailure' && failed));
  const restarts = isFinal(instance) && first?.action === 'Start';
  if (!told && strategy !== 'Halted' && !renews && !restarts) return undefined;
  if (renews && failed) await countFailure(context, vm);
  await context.world.remove(KUBEVIRT.instances, instance);
  const message = `Stopped the virtual machine by deleting the virtual machine instance ${instance.metadata.uid}`;
  await recordFor(context, IDENTITY, vm, 'Normal', 'SuccessfulDelete', message);
  return undefined;
}

/** More sockets than before are plugged in while it runs. */
async function takeSockets(context: Around, vm: VirtualMachine, instance: Instance): Promise<void> {
  if (vm.spec.instancetype || isFinal(instance) || isDeleting(instance)) return;
  const { sockets } = vm.spec.template.spec.domain?.cpu ?? {};
  const { sockets: had = 1 } = instance.spec.domain?.cpu ?? {};
  if (sockets === undefined || sockets <= had) return;
  await context.world.patch(KUBEVIRT.instances, instance, { spec: { domain: { cpu: { sockets } } } });
}

/** Without one: shall there be? */
async function begin(context: Around, vm: VirtualMachine): Promise<number | void> {
  const [first, ...rest] = requests(vm);
  if (first?.action === 'Stop') {
    await writeRequests(context, vm, rest);
    return undefined;
  }
  const strategy = runStrategyOf(vm);
  const begins = vm.status?.runStrategy !== strategy;
  const failed = vm.status?.startFailure !== undefined;
  const wanted =
    strategy === 'Always' ||
    (strategy === 'RerunOnFailure' && (begins || failed)) ||
    (strategy === 'Once' && begins) ||
    (first?.action === 'Start' && strategy !== 'Halted');
  if (!wanted) return undefined;
  const retryAt = Date.parse(vm.status?.startFailure?.retryAfterTimestamp ?? '');
  const wait = retryAt - context.world.clock.now();
  if (wait > 0) return wait;
  if (obstacle(context, vm)) return undefined;
  await createInstance(context, vm);
  if (first?.action === 'Start') await writeRequests(context, vm, rest);
  return undefined;
}

/** Why a machine that shall be on has no instance: its instance type is not there, its volumes are not filled. */
function obstacle({ served, ...context }: Around, vm: VirtualMachine): Obstacle | undefined {
  const typed = vm.spec.instancetype ?? vm.spec.preference;
  const missing = typed && served.has(INSTANCETYPES.types) ? missingType(context.world, vm) : undefined;
  if (missing) return { printable: 'Stopped', failure: { type: 'Failure', status: 'True', ...missing } };
  const status = served.has(DATA_VOLUMES) ? volumesStatus(context, vm) : undefined;
  return status && { printable: status };
}

async function createInstance(context: Around, vm: VirtualMachine): Promise<void> {
  const { template } = vm.spec;
  const { name = '', namespace = '' } = vm.metadata;
  const instance = await context.world.ensure<Instance>(KUBEVIRT.instances, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name,
      namespace,
      labels: { ...template.metadata?.labels },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [ownerReference(vm, IDENTITY.apiVersion, IDENTITY.kind)],
    },
    spec: context.served.has(INSTANCETYPES.types)
      ? expanded(context.world, vm)
      : structuredClone(template.spec),
  });
  const message = `Started the virtual machine by creating the new virtual machine instance ${instance.metadata.name}`;
  await recordFor(context, IDENTITY, vm, 'Normal', 'SuccessfulCreate', message);
}

async function countFailure(context: ControllerContext, vm: VirtualMachine): Promise<void> {
  const count = (vm.status?.startFailure?.consecutiveFailCount ?? 0) + 1;
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(count - 1, 10));
  const retryAfterTimestamp = new Date(context.world.clock.now() + delay).toISOString();
  const startFailure = { consecutiveFailCount: count, retryAfterTimestamp };
  await context.world.patchStatus(KUBEVIRT.virtualMachines, vm, { startFailure });
}

const requests = (vm: VirtualMachine): readonly StateChangeRequest[] => vm.status?.stateChangeRequests ?? [];

async function writeRequests(
  context: ControllerContext,
  vm: VirtualMachine,
  left: readonly StateChangeRequest[],
): Promise<void> {
  const stateChangeRequests = left.length === 0 ? null : left;
  await context.world.patchStatus(KUBEVIRT.virtualMachines, vm, { stateChangeRequests });
}

async function tellStatus(
  context: Around,
  vm: VirtualMachine,
  instance: Instance | undefined,
): Promise<void> {
  const time = context.world.time();
  const waits = instance ? undefined : obstacle(context, vm);
  const restart = instance && restartCondition(vm, instance);
  const wanted = [
    ...vmConditions(instance),
    ...(waits?.failure ? [waits.failure] : []),
    ...(restart ? [restart] : []),
  ];
  const old = (vm.status?.conditions ?? []).filter(({ type }) => wanted.some((one) => one.type === type));
  const conditions = wanted.reduce<Condition[]>((all, one) => withCondition(all, one, time), old);
  const ready = instance !== undefined && condition(instance, 'Ready')?.status === 'True';
  const runs = instance?.status?.phase === 'Running';
  const status = {
    created: instance !== undefined || null,
    ready: ready || null,
    printableStatus: isDeleting(vm) ? 'Terminating' : (waits?.printable ?? printableStatus(vm, instance)),
    // Tells the next look that the strategy is not new: RerunOnFailure and Once start a machine once.
    runStrategy: runStrategyOf(vm),
    observedGeneration: vm.metadata.generation ?? 0,
    desiredGeneration: vm.metadata.generation ?? 0,
    conditions,
    volumeSnapshotStatuses: volumeStatuses(vm),
    ...(runs && { startFailure: null }),
  };
  const shown = (vm.status ?? {}) as Record<string, unknown>;
  const changed = Object.entries(status).some(
    ([field, value]) => canonical(value ?? undefined) !== canonical(shown[field]),
  );
  if (changed) await context.world.patchStatus(KUBEVIRT.virtualMachines, vm, status);
}

function volumeStatuses(vm: VirtualMachine): object[] {
  return (vm.spec.template.spec.volumes ?? []).map((volume) => {
    const durable = volume.dataVolume !== undefined || volume.persistentVolumeClaim !== undefined;
    return durable
      ? { name: volume.name, enabled: true }
      : {
          name: volume.name,
          enabled: false,
          reason: `Snapshot is not supported for this volumeSource type [${volume.name}]`,
        };
  });
}
