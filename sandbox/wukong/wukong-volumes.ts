import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ControllerContext } from '../life/controller-context.ts';
import { ownerReference } from '../life/pod-state.ts';
import { RESOURCES } from '../life/resources.ts';
import { claimNameOf } from './wukong-machine.ts';
import { DATA_VOLUMES, WUKONG_API_VERSION, WUKONG_LABEL } from './wukong-resources.ts';
import type { Wukong, WukongDisk, WukongVolume } from './wukong-types.ts';

interface Claim extends KubeObject {
  spec: { storageClassName?: string; resources?: { requests?: { storage?: string } } };
  status?: { phase?: string; capacity?: { storage?: string } };
}

interface DataVolume extends KubeObject {
  status?: { phase?: string; progress?: string };
}

export interface VolumesSeen {
  readonly volumes: WukongVolume[];
  /** Why the machine cannot be made yet; undefined when it can. */
  readonly waits: { readonly reason: string; readonly message: string } | undefined;
}

/** Makes the claims and data volumes that are missing, and tells how they stand. */
export async function keepVolumes(
  context: ControllerContext,
  wukong: Wukong,
  importerServed: boolean,
): Promise<VolumesSeen> {
  const volumes: WukongVolume[] = [];
  let waits: VolumesSeen['waits'];
  for (const disk of wukong.spec.disks ?? []) {
    const pvcName = claimNameOf(wukong, disk.name);
    const key = `${wukong.metadata.namespace}/${pvcName}`;
    const claims = context.world.mirror<Claim>(RESOURCES.persistentVolumeClaims);
    const imports = disk.image !== undefined;
    if (imports && !importerServed) {
      const message = `disk ${disk.name} is imported from an image, and the cluster serves no DataVolumes`;
      waits ??= { reason: 'NoImporter', message };
    } else if (imports) await ensureDataVolume(context, wukong, disk, pvcName);
    else if (!claims.get(key)) await makeClaim(context, wukong, disk, pvcName);
    const claim = claims.get(key);
    const bound = claim?.status?.phase === 'Bound';
    volumes.push({ name: disk.name, pvcName, bound, size: claim?.status?.capacity?.storage ?? disk.size });
    waits ??= imports && importerServed ? importing(context, disk, key) : undefined;
    if (!bound && !bindsLater(context, disk))
      waits ??= { reason: 'VolumesPending', message: `claim ${pvcName} is not bound yet` };
  }
  return { volumes, waits };
}

/** A claim of such a class is bound by the machine's own pod: to wait for it is to wait for ever. */
function bindsLater(context: ControllerContext, { storageClassName }: WukongDisk): boolean {
  const found = context.world
    .mirror<KubeObject>(RESOURCES.storageClasses)
    .get(storageClassName) as KubeObject & {
    volumeBindingMode?: string;
  };
  return found?.volumeBindingMode === 'WaitForFirstConsumer';
}

function importing(
  context: ControllerContext,
  { name }: WukongDisk,
  key: string,
): VolumesSeen['waits'] | undefined {
  const { phase = 'Pending', progress = 'N/A' } =
    context.world.mirror<DataVolume>(DATA_VOLUMES).get(key)?.status ?? {};
  if (phase === 'Succeeded' || phase === 'WaitForFirstConsumer') return undefined;
  const reason = phase === 'Failed' ? 'ImportFailed' : 'VolumesPending';
  return { reason, message: `disk ${name} is being imported: ${phase} ${progress}` };
}

async function makeClaim(
  context: ControllerContext,
  wukong: Wukong,
  { size, storageClassName }: WukongDisk,
  name: string,
): Promise<void> {
  await context.world.ensure<KubeObject>(RESOURCES.persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadataOf(wukong, name),
    spec: {
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      storageClassName,
      resources: { requests: { storage: size } },
    },
  });
}

async function ensureDataVolume(
  context: ControllerContext,
  wukong: Wukong,
  { size, storageClassName, image = '' }: WukongDisk,
  name: string,
): Promise<void> {
  const { world } = context;
  if (world.mirror(DATA_VOLUMES).get(`${wukong.metadata.namespace}/${name}`)) return;
  const source = /^https?:\/\//.test(image)
    ? { http: { url: image } }
    : {
        registry: { url: `docker://${image.replace(/^docker:\/\//, '')}`, pullMethod: 'pod' },
      };
  await world.ensure<KubeObject>(DATA_VOLUMES, {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: metadataOf(wukong, name),
    spec: {
      source,
      pvc: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Filesystem',
        storageClassName,
        resources: { requests: { storage: size } },
      },
    },
  });
}

/** Goes with its Wukong. */
function metadataOf(wukong: Wukong, name: string): KubeObject['metadata'] {
  return {
    name,
    namespace: wukong.metadata.namespace!,
    labels: { [WUKONG_LABEL]: wukong.metadata.name! },
    ownerReferences: [ownerReference(wukong, WUKONG_API_VERSION, 'Wukong')],
  };
}
