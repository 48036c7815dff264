import type { KubeObject } from '@krateyard/kube/meta/object';
import {
  controllerKey,
  objectKey,
  recordFor,
  type ControllerContext,
  type ControllerIdentity,
} from '../life/controller-context.ts';
import { isDeleting, ownerReference, withCondition } from '../life/pod-state.ts';
import type { Condition } from '../life/pod-types.ts';
import { RESOURCES } from '../life/resources.ts';
import { canonical } from '../life/hash.ts';
import { DATA_SOURCES, DATA_VOLUMES, type DataSource, type DataVolume } from './cdi-resources.ts';

const IDENTITY: ControllerIdentity = {
  component: 'datavolume-import-controller',
  apiVersion: 'cdi.kubevirt.io/v1beta1',
  kind: 'DataVolume',
};
/** One look at an import: it is done after four. */
const STEP_MS = 400;
const RETRY_MS = 5_000;
const STEPS = ['N/A', '28.41%', '73.90%'];

interface Claim extends KubeObject {
  spec?: { resources?: { requests?: { storage?: string } } };
  status?: { phase?: string; capacity?: { storage?: string } };
}

/** Makes the claim of each DataVolume and fills it: Pending, ImportScheduled, ImportInProgress, Succeeded; or says why not. */
export function addDataVolumeController(context: ControllerContext): void {
  const { world, loop } = context;
  const volumes = world.mirror<DataVolume>(DATA_VOLUMES);
  const claims = world.mirror<Claim>(RESOURCES.persistentVolumeClaims);
  const sources = world.mirror<DataSource>(DATA_SOURCES);
  const enqueue = loop.register('data-volumes', async (key) => {
    const volume = volumes.get(key);
    if (!volume || isDeleting(volume) || volume.status?.phase === 'Succeeded') return undefined;
    return reconcile(context, volume);
  });
  volumes.onChange((volume) => enqueue(objectKey(volume)));
  claims.onChange((claim) => {
    const key = controllerKey(claim, 'DataVolume');
    if (key !== undefined) enqueue(key);
  });
  sources.onChange(() => {
    for (const volume of volumes.all()) if (volume.status?.phase !== 'Succeeded') enqueue(objectKey(volume));
  });
}

async function reconcile(context: ControllerContext, volume: DataVolume): Promise<number | void> {
  const { name = '', namespace } = volume.metadata;
  const origin = originOf(context, volume);
  if ('problem' in origin) {
    await tell(context, volume, { phase: 'Pending', why: origin.problem });
    return RETRY_MS;
  }
  const claim = context.world.mirror<Claim>(RESOURCES.persistentVolumeClaims).get(`${namespace}/${name}`);
  if (!claim) {
    await makeClaim(context, volume, origin.size);
    return undefined;
  }
  if (claim.status?.phase !== 'Bound') {
    await tell(context, volume, { phase: 'Pending', why: `PVC ${name} Pending` });
    return undefined;
  }
  return fill(context, volume);
}

async function fill(context: ControllerContext, volume: DataVolume): Promise<number | void> {
  const { source = {} } = volume.spec ?? {};
  const verb = source.http || source.registry ? 'Import' : 'Clone';
  if (source.blank) return tell(context, volume, { phase: 'Succeeded', progress: '100.0%' });
  const failure = failureOf(volume);
  if (failure !== undefined) {
    await tell(context, volume, { phase: 'ImportInProgress', progress: 'N/A', why: failure, failed: true });
    return RETRY_MS;
  }
  const step = STEPS.indexOf(volume.status?.progress ?? '') + 1;
  if (step === 0) await tell(context, volume, { phase: `${verb}Scheduled`, progress: STEPS[0]! });
  else if (step < STEPS.length)
    await tell(context, volume, { phase: `${verb}InProgress`, progress: STEPS[step]! });
  else {
    await tell(context, volume, { phase: 'Succeeded', progress: '100.0%' });
    const message = `Successfully ${verb === 'Import' ? 'imported' : 'cloned'} into PVC ${volume.metadata.name}`;
    return recordFor(context, IDENTITY, volume, 'Normal', `${verb}Succeeded`, message);
  }
  return STEP_MS;
}

/** Nothing is fetched here: hosts of the reserved domain `.invalid` do not answer, everything else does. */
function failureOf({ spec }: DataVolume): string | undefined {
  const url = spec?.source?.http?.url ?? spec?.source?.registry?.url ?? '';
  const host = URL.parse(url)?.hostname ?? '';
  if (!host.endsWith('.invalid')) return undefined;
  return spec?.source?.http
    ? `Unable to connect to http data source: expected status code 200, got: dial tcp: lookup ${host}: no such host`
    : `Unable to process data: Failed to read registry image: pinging container registry ${host}: no such host`;
}

/** What is to be copied is there, and how large it is; or what is missing. */
function originOf(
  context: ControllerContext,
  volume: DataVolume,
): { readonly size: string | undefined } | { readonly problem: string } {
  const { source, sourceRef } = volume.spec ?? {};
  const own = volume.metadata.namespace ?? '';
  let { pvc } = source ?? {};
  if (sourceRef) {
    const key = `${sourceRef.namespace ?? own}/${sourceRef.name}`;
    const found = context.world.mirror<DataSource>(DATA_SOURCES).get(key);
    if (!found) return { problem: `DataSource ${key} not found` };
    pvc = found.spec?.source?.pvc;
  }
  if (!pvc) return { size: undefined };
  const key = `${pvc.namespace ?? own}/${pvc.name}`;
  const claim = context.world.mirror<Claim>(RESOURCES.persistentVolumeClaims).get(key);
  if (!claim) return { problem: `Source PVC ${key} not found` };
  return { size: claim.status?.capacity?.storage ?? claim.spec?.resources?.requests?.storage };
}

async function makeClaim(
  context: ControllerContext,
  volume: DataVolume,
  size: string | undefined,
): Promise<void> {
  const { name, namespace } = volume.metadata;
  const {
    accessModes = ['ReadWriteOnce'],
    storageClassName,
    volumeMode,
    resources,
  } = volume.spec?.storage ?? volume.spec?.pvc ?? {};
  await context.world.ensure<KubeObject>(RESOURCES.persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: name!,
      namespace: namespace!,
      labels: { app: 'containerized-data-importer' },
      ownerReferences: [ownerReference(volume, IDENTITY.apiVersion, IDENTITY.kind)],
    },
    spec: {
      accessModes,
      ...(storageClassName !== undefined && { storageClassName }),
      ...(volumeMode !== undefined && { volumeMode }),
      resources: { requests: { storage: resources?.requests?.storage ?? size ?? '1Gi' } },
    },
  });
}

interface Told {
  readonly phase: string;
  readonly progress?: string;
  /** Why it does not go on. */
  readonly why?: string;
  readonly failed?: boolean;
}

async function tell(
  context: ControllerContext,
  volume: DataVolume,
  { phase, progress, why = '', failed = false }: Told,
): Promise<void> {
  const time = context.world.time();
  const done = phase === 'Succeeded';
  const running = phase.endsWith('InProgress') && !failed;
  const told: Condition[] = [
    condition('Ready', done, done ? '' : phase, ''),
    condition('Running', running, failed ? 'Error' : done ? 'Completed' : phase, why),
    condition(
      'Bound',
      phase !== 'Pending',
      phase === 'Pending' ? 'Pending' : 'Bound',
      phase === 'Pending' ? why : '',
    ),
  ];
  const conditions = told.reduce<Condition[]>(
    (all, one) => withCondition(all, one, time),
    volume.status?.conditions ?? [],
  );
  const status = {
    phase,
    claimName: volume.metadata.name,
    conditions,
    ...(progress !== undefined && { progress }),
  };
  const shown = (volume.status ?? {}) as Record<string, unknown>;
  if (Object.entries(status).every(([field, value]) => canonical(value) === canonical(shown[field]))) return;
  await context.world.patchStatus(DATA_VOLUMES, volume, status);
}

const condition = (type: string, is: boolean, reason: string, message: string): Condition => ({
  type,
  status: is ? 'True' : 'False',
  reason,
  message,
});
