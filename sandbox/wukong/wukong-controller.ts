import type { KubeObject } from '@krateyard/kube/meta/object';
import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../life/controller-context.ts';
import { canonical } from '../life/hash.ts';
import { controllerOf, isDeleting, ownerReference } from '../life/pod-state.ts';
import { RESOURCES } from '../life/resources.ts';
import { KUBEVIRT } from '../kubevirt/kubevirt-resources.ts';
import type { Instance, VirtualMachine } from '../kubevirt/vm-types.ts';
import { cloudConfig, cloudInitSecretOf, vmNameOf, wantedMachine } from './wukong-machine.ts';
import { DATA_VOLUMES, WUKONG, WUKONG_API_VERSION, WUKONG_FINALIZER } from './wukong-resources.ts';
import { wukongStatus, type WukongSeen } from './wukong-status.ts';
import { keepVolumes } from './wukong-volumes.ts';
import type { Wukong } from './wukong-types.ts';

const IDENTITY: ControllerIdentity = {
  component: 'wukong-controller',
  apiVersion: WUKONG_API_VERSION,
  kind: 'Wukong',
};
/** As the original looks again while volumes are not bound. */
const VOLUMES_MS = 10_000;

/** Keeps each Wukong's volumes and its machine as its spec says, and its status as they are. */
export function addWukongController(context: ControllerContext, importerServed: () => boolean): () => void {
  const { world, loop } = context;
  const wukongs = world.mirror<Wukong>(WUKONG.wukongs);
  const enqueue = loop.register('wukongs', async (key) => {
    const wukong = wukongs.get(key);
    if (!wukong) return undefined;
    return isDeleting(wukong) ? finish(context, wukong) : keep(context, wukong, importerServed());
  });
  const owner = (object: KubeObject): void => {
    const key = controllerKey(object, 'Wukong');
    if (key !== undefined) enqueue(key);
  };
  wukongs.onChange((wukong) => enqueue(objectKey(wukong)));
  world.mirror<VirtualMachine>(KUBEVIRT.virtualMachines).onChange(owner);
  world.mirror(RESOURCES.persistentVolumeClaims).onChange(owner);
  world.mirror<Instance>(KUBEVIRT.instances).onChange(({ metadata }) => {
    const name = metadata.name?.replace(/-vm$/, '');
    if (name !== undefined && wukongs.get(`${metadata.namespace}/${name}`))
      enqueue(`${metadata.namespace}/${name}`);
  });
  // Once data volumes are served their changes count too, and who waits for them looks again.
  return () => {
    world.mirror(DATA_VOLUMES).onChange(owner);
    for (const wukong of wukongs.all()) enqueue(objectKey(wukong));
  };
}

async function keep(
  context: ControllerContext,
  wukong: Wukong,
  importerServed: boolean,
): Promise<number | undefined> {
  const { world } = context;
  if (!wukong.metadata.finalizers?.includes(WUKONG_FINALIZER)) {
    const finalizers = [...(wukong.metadata.finalizers ?? []), WUKONG_FINALIZER];
    await world.patch(WUKONG.wukongs, wukong, { metadata: { finalizers } });
    return undefined;
  }
  const volumes = await keepVolumes(context, wukong, importerServed);
  const problem = await keepMachine(context, wukong, volumes.waits === undefined);
  const key = `${wukong.metadata.namespace}/${vmNameOf(wukong)}`;
  const vm = world.mirror<VirtualMachine>(KUBEVIRT.virtualMachines).get(key);
  const seen: WukongSeen = {
    volumes,
    vm: vm && isOwn(wukong, vm) ? vm : undefined,
    instance: world.mirror<Instance>(KUBEVIRT.instances).get(key),
    ...(problem && { problem }),
  };
  const status = wukongStatus(wukong, seen, world.time());
  if (status) await world.patchStatus(WUKONG.wukongs, wukong, status);
  return volumes.waits ? VOLUMES_MS : undefined;
}

/** The machine as wanted; what others wrote into its spec is taken back. Says what is in the way. */
async function keepMachine(
  context: ControllerContext,
  wukong: Wukong,
  mayCreate: boolean,
): Promise<WukongSeen['problem']> {
  const { world } = context;
  const wanted = wantedMachine(wukong);
  const key = `${wukong.metadata.namespace}/${wanted.metadata.name}`;
  const vm = world.mirror<VirtualMachine>(KUBEVIRT.virtualMachines).get(key);
  if (vm && !isOwn(wukong, vm))
    return {
      reason: 'NameTaken',
      message: `virtual machine ${vm.metadata.name} is there and is not this Wukong's`,
    };
  if (!vm && !mayCreate) return undefined;
  await keepCloudInit(context, wukong);
  if (!vm) {
    await world.create<VirtualMachine>(KUBEVIRT.virtualMachines, wanted);
    const message = `Created virtual machine ${wanted.metadata.name}`;
    await recordFor(context, IDENTITY, wukong, 'Normal', 'MachineCreated', message);
    return undefined;
  }
  if (isDeleting(vm) || canonical(vm.spec) === canonical(wanted.spec)) return undefined;
  const { name = '', namespace } = vm.metadata;
  const latest = await world.client.get<VirtualMachine>(KUBEVIRT.virtualMachines, name, namespace);
  await world.client.update(KUBEVIRT.virtualMachines, { ...latest, spec: wanted.spec });
  return undefined;
}

async function keepCloudInit(context: ControllerContext, wukong: Wukong): Promise<void> {
  const userdata = cloudConfig(wukong);
  if (userdata === undefined) return;
  const { world } = context;
  const name = cloudInitSecretOf(wukong);
  const known = world.mirror(RESOURCES.secrets).get(`${wukong.metadata.namespace}/${name}`);
  const encoded = Buffer.from(userdata).toString('base64');
  if ((known?.['data'] as { userdata?: string } | undefined)?.userdata === encoded) return;
  const secret = await world.ensure<KubeObject>(RESOURCES.secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: wukong.metadata.namespace!,
      ownerReferences: [ownerReference(wukong, WUKONG_API_VERSION, 'Wukong')],
    },
    data: { userdata: encoded },
  });
  if ((secret['data'] as { userdata?: string } | undefined)?.userdata !== encoded)
    await world.patch(RESOURCES.secrets, secret, { data: { userdata: encoded } });
}

/** The machine goes first; the volumes, which name the Wukong as their owner, after it. */
async function finish(context: ControllerContext, wukong: Wukong): Promise<undefined> {
  const { world } = context;
  const key = `${wukong.metadata.namespace}/${vmNameOf(wukong)}`;
  const vm = world.mirror<VirtualMachine>(KUBEVIRT.virtualMachines).get(key);
  if (vm && isOwn(wukong, vm)) {
    if (!isDeleting(vm)) await world.remove(KUBEVIRT.virtualMachines, vm);
    return undefined;
  }
  const finalizers = wukong.metadata.finalizers ?? [];
  if (!finalizers.includes(WUKONG_FINALIZER)) return undefined;
  const left = finalizers.filter((name) => name !== WUKONG_FINALIZER);
  await world.patch(WUKONG.wukongs, wukong, { metadata: { finalizers: left } });
  return undefined;
}

function isOwn(wukong: Wukong, vm: VirtualMachine): boolean {
  return controllerOf(vm)?.uid === wukong.metadata.uid;
}
