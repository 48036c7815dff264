import type { KubeObject } from '@krateyard/kube/meta/object';
import {
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../controller-context.ts';
import { isDeleting } from '../pod-state.ts';
import { quantity } from '../quantity.ts';
import { RESOURCES } from '../resources.ts';

const IDENTITY: ControllerIdentity = {
  component: 'persistentvolume-controller',
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
};
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

interface Claim extends KubeObject {
  spec: {
    storageClassName?: string;
    volumeName?: string;
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
  };
  status?: { phase?: string };
}

interface Volume extends KubeObject {
  spec: {
    storageClassName?: string;
    capacity?: { storage?: string };
    accessModes?: string[];
    claimRef?: { uid?: string; name?: string; namespace?: string };
    persistentVolumeReclaimPolicy?: string;
  };
  status?: { phase?: string };
}

interface StorageClass extends KubeObject {
  provisioner: string;
  reclaimPolicy?: string;
}

/** Binds claims to volumes that fit, or provisions one where the class says so; frees volumes whose claim is gone. */
export function addVolumeController(context: ControllerContext): void {
  const { world, loop } = context;
  const claims = world.mirror<Claim>(RESOURCES.persistentVolumeClaims);
  const volumes = world.mirror<Volume>(RESOURCES.persistentVolumes);
  const classes = world.mirror<StorageClass>(RESOURCES.storageClasses);
  const enqueueClaim = loop.register('volume-claims', async (key) => {
    const claim = claims.get(key);
    if (claim && !isDeleting(claim) && claim.status?.phase !== 'Bound') await bind(context, claim);
  });
  const enqueueVolume = loop.register('volumes', async (key) => {
    const volume = volumes.get(key);
    if (volume && !isDeleting(volume)) await settle(context, volume);
  });
  claims.onChange((claim, _old, gone) => {
    if (!gone) enqueueClaim(objectKey(claim));
    else if (claim.spec.volumeName) enqueueVolume(claim.spec.volumeName);
  });
  volumes.onChange((volume) => {
    enqueueVolume(objectKey(volume));
    if (!volume.spec.claimRef) retryPending();
  });
  classes.onChange(retryPending);
  function retryPending(): void {
    for (const claim of claims.all()) if (claim.status?.phase !== 'Bound') enqueueClaim(objectKey(claim));
  }
}

async function bind(context: ControllerContext, claim: Claim): Promise<void> {
  const { world } = context;
  const classes = Array.from(world.mirror<StorageClass>(RESOURCES.storageClasses).all());
  const defaultClass = classes.find((each) => each.metadata.annotations?.[DEFAULT_CLASS] === 'true');
  const className = claim.spec.storageClassName ?? defaultClass?.metadata.name ?? '';
  const volume = fitting(context, claim, className);
  if (volume) return complete(context, claim, volume, className);
  const storageClass = classes.find((each) => each.metadata.name === className);
  if (storageClass) return complete(context, claim, await provision(context, claim, storageClass), className);
  const message =
    className === ''
      ? 'no persistent volumes available for this claim and no storage class is set'
      : `storageclass.storage.k8s.io "${className}" not found`;
  const [type, reason] =
    className === '' ? (['Normal', 'FailedBinding'] as const) : (['Warning', 'ProvisioningFailed'] as const);
  await recordFor(context, IDENTITY, claim, type, reason, message);
}

/** The smallest volume that is free and large enough, or the one that was made for this claim. */
function fitting(context: ControllerContext, claim: Claim, className: string): Volume | undefined {
  const { name, namespace, uid } = claim.metadata;
  const needed = quantity(claim.spec.resources?.requests?.storage);
  return Array.from(context.world.mirror<Volume>(RESOURCES.persistentVolumes).all())
    .filter(({ spec, metadata }) => {
      if (claim.spec.volumeName) return metadata.name === claim.spec.volumeName;
      const { claimRef } = spec;
      if (claimRef)
        return (
          claimRef.name === name &&
          claimRef.namespace === namespace &&
          (!claimRef.uid || claimRef.uid === uid)
        );
      const modes = (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode));
      return (
        (spec.storageClassName ?? '') === className && modes && quantity(spec.capacity?.storage) >= needed
      );
    })
    .toSorted((a, b) => quantity(a.spec.capacity?.storage) - quantity(b.spec.capacity?.storage))[0];
}

async function provision(
  context: ControllerContext,
  claim: Claim,
  storageClass: StorageClass,
): Promise<Volume> {
  const name = `pvc-${claim.metadata.uid}`;
  const volume = await context.world.ensure<Volume>(RESOURCES.persistentVolumes, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': storageClass.provisioner } },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.storage ?? '1Gi' },
      accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name!,
      volumeMode: 'Filesystem',
      claimRef: claimRef(claim),
      hostPath: { path: `/var/lib/sandbox/${name}` },
    } as Volume['spec'],
  });
  const source = { component: storageClass.provisioner, apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
  await recordFor(
    context,
    source,
    claim,
    'Normal',
    'ProvisioningSucceeded',
    `Successfully provisioned volume ${name}`,
  );
  return volume;
}

function claimRef(claim: Claim): object {
  const { name, namespace, uid } = claim.metadata;
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid };
}

async function complete(
  context: ControllerContext,
  claim: Claim,
  volume: Volume,
  className: string,
): Promise<void> {
  const { world } = context;
  if (volume.spec.claimRef?.uid !== claim.metadata.uid)
    await world.patch(RESOURCES.persistentVolumes, volume, { spec: { claimRef: claimRef(claim) } });
  const bound = await world.patch(RESOURCES.persistentVolumeClaims, claim, {
    metadata: {
      annotations: {
        'pv.kubernetes.io/bind-completed': 'yes',
        'pv.kubernetes.io/bound-by-controller': 'yes',
      },
    },
    spec: {
      volumeName: volume.metadata.name,
      ...(claim.spec.storageClassName === undefined && { storageClassName: className }),
    },
  });
  await world.patchStatus(RESOURCES.persistentVolumeClaims, bound, {
    phase: 'Bound',
    accessModes: volume.spec.accessModes,
    capacity: volume.spec.capacity,
  });
}

/** A volume's phase follows its claim; without its claim it is deleted or, where it is to be retained, released. */
async function settle(context: ControllerContext, volume: Volume): Promise<void> {
  const { claimRef: ref, persistentVolumeReclaimPolicy } = volume.spec;
  const claim =
    ref && context.world.mirror<Claim>(RESOURCES.persistentVolumeClaims).get(`${ref.namespace}/${ref.name}`);
  if (ref?.uid && claim?.metadata.uid !== ref.uid && persistentVolumeReclaimPolicy === 'Delete')
    return context.world.remove(RESOURCES.persistentVolumes, volume);
  const phase = !ref
    ? 'Available'
    : !ref.uid
      ? 'Available'
      : claim?.metadata.uid === ref.uid
        ? 'Bound'
        : 'Released';
  if (volume.status?.phase !== phase)
    await context.world.patchStatus(RESOURCES.persistentVolumes, volume, { phase });
}
