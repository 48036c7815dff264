import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { parseQuantity } from '@krateyard/kube/meta/quantity';
import type { KubeList, KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound, isStatusError } from '@krateyard/status/status-error';
import type { OptionPart, VmOptions } from '../../contract/vm-create.ts';
import type { VmsDeps } from '../deps.ts';
import { CLAIMS, VIRTUAL_MACHINES, WUKONGS, type Claim, type VirtualMachine } from '../machine-types.ts';
import { instancetypeGvr, preferenceGvr, type Instancetype, type Scope } from './instancetypes.ts';
import { DATA_SOURCES, DATA_VOLUMES, STORAGE_CLASSES } from './plan-disks.ts';
import { ATTACHMENTS } from './plan-networks.ts';

const NODES = { group: '', version: 'v1', resource: 'nodes' } as const;
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const DESCRIPTION = 'openshift.io/display-name';
/** A form does not show more of one kind; the rest can be typed. */
const MOST = 1000;
const PARTIAL = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

interface Reading {
  readonly client: Client;
  readonly namespace: string;
  readonly signal: AbortSignal;
  readonly missing: VmOptions['missing'];
}

/** Read as the person: what they may not list is not there, and `missing` says so. */
export async function readOptions(
  { access, actingAs, kinds }: VmsDeps,
  who: Principal,
  namespace: string,
  signal: AbortSignal,
): Promise<VmOptions> {
  const reading: Reading = { client: actingAs(who), namespace, signal, missing: [] };
  const serves = async ({ group, version, resource }: GroupVersionResource): Promise<boolean> =>
    (await kinds.find(`${group}/${version}/${resource}`, signal)) !== undefined;
  const [cdi, multus, wukong] = await Promise.all([
    serves(DATA_VOLUMES),
    serves(ATTACHMENTS),
    serves(WUKONGS).then(async (served) => {
      if (!served) return false;
      return (await access.check(who, { verb: 'create', resource: WUKONGS, namespace }, signal)).allowed;
    }),
  ]);
  const [instancetypes, preferences, storageClasses, claims, dataSources, networks, nodes, secrets, images] =
    await Promise.all([
      readTypes(reading),
      readPreferences(reading),
      readClasses(reading),
      readClaims(reading),
      cdi ? readSources(reading) : [],
      multus ? readNetworks(reading) : [],
      list<Node>(reading, 'nodes', NODES),
      readSecrets(reading),
      readImages(reading),
    ]);
  return {
    namespace,
    cdi,
    multus,
    wukong,
    instancetypes,
    preferences,
    storageClasses,
    claims,
    dataSources,
    networks,
    devices: devicesOf(nodes),
    nodes: nodes.map(nodeOption),
    secrets,
    images,
    missing: reading.missing.toSorted((a, b) => (a.part < b.part ? -1 : 1)),
  };
}

async function list<T extends KubeObject>(
  reading: Reading,
  part: OptionPart,
  gvr: GroupVersionResource,
  namespace?: string,
): Promise<readonly T[]> {
  const { client, signal, missing } = reading;
  try {
    const { items } = await client.list<T>(gvr, { namespace, limit: MOST, omitManagedFields: true, signal });
    return items.toSorted(byName);
  } catch (error) {
    signal.throwIfAborted();
    miss(missing, part, gvr, error);
    return [];
  }
}

function miss(
  missing: VmOptions['missing'],
  part: OptionPart,
  gvr: GroupVersionResource,
  error: unknown,
): void {
  const served = !isNotFound(error);
  const reason = served
    ? isStatusError(error)
      ? error.message
      : 'cannot be read'
    : `${gvr.resource} are not served by this cluster`;
  missing.push({ part, reason });
}

const byName = (a: KubeObject, b: KubeObject): number =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? '';
const described = ({ metadata }: KubeObject): string => metadata.annotations?.[DESCRIPTION] ?? '';

async function inScopes(
  reading: Reading,
  part: OptionPart,
  gvr: (scope: Scope) => GroupVersionResource,
): Promise<{ object: Instancetype; scope: Scope }[]> {
  const [cluster, own] = await Promise.all([
    list<Instancetype>(reading, part, gvr('cluster')),
    list<Instancetype>(reading, part, gvr('namespace'), reading.namespace),
  ]);
  return [
    ...cluster.map((object) => ({ object, scope: 'cluster' as const })),
    ...own.map((object) => ({ object, scope: 'namespace' as const })),
  ];
}

async function readTypes(reading: Reading): Promise<VmOptions['instancetypes']> {
  const found = await inScopes(reading, 'instancetypes', instancetypeGvr);
  return found.map(({ object, scope }) => ({
    name: nameOf(object),
    scope,
    cpu: object.spec?.cpu?.guest ?? 0,
    memory: object.spec?.memory?.guest ?? '',
    gpus: (object.spec?.gpus ?? []).map(({ deviceName = '' }) => deviceName),
    description: described(object),
  }));
}

async function readPreferences(reading: Reading): Promise<VmOptions['preferences']> {
  const found = await inScopes(reading, 'preferences', preferenceGvr);
  return found.map(({ object, scope }) => ({ name: nameOf(object), scope, description: described(object) }));
}

async function readClasses(reading: Reading): Promise<VmOptions['storageClasses']> {
  const found = await list<KubeObject & { provisioner?: string }>(reading, 'storageClasses', STORAGE_CLASSES);
  return found.map((one) => ({
    name: nameOf(one),
    isDefault: one.metadata.annotations?.[DEFAULT_CLASS] === 'true',
    provisioner: one.provisioner ?? '',
  }));
}

async function readClaims(reading: Reading): Promise<VmOptions['claims']> {
  const found = await list<Claim>(reading, 'claims', CLAIMS, reading.namespace);
  return found.map((one) => ({
    name: nameOf(one),
    size: one.status?.capacity?.storage ?? one.spec?.resources?.requests?.storage ?? '',
    storageClassName: one.spec?.storageClassName ?? '',
  }));
}

interface Conditioned extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const isReady = ({ status }: Conditioned): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;

/** Of everywhere, where one may see that; else of the namespace. */
async function readSources(reading: Reading): Promise<VmOptions['dataSources']> {
  const found = await everywhere<Conditioned>(reading, 'dataSources', DATA_SOURCES);
  return found.map((one) => ({
    name: nameOf(one),
    namespace: one.metadata.namespace ?? '',
    ready: isReady(one),
  }));
}

async function readNetworks(reading: Reading): Promise<VmOptions['networks']> {
  const found = await everywhere<KubeObject & { spec?: { config?: string } }>(
    reading,
    'networks',
    ATTACHMENTS,
  );
  return found.map((one) => ({
    name: nameOf(one),
    namespace: one.metadata.namespace ?? '',
    type: pluginOf(one.spec?.config ?? ''),
  }));
}

async function everywhere<T extends KubeObject>(
  reading: Reading,
  part: OptionPart,
  gvr: GroupVersionResource,
): Promise<readonly T[]> {
  const { client, signal } = reading;
  try {
    const { items } = await client.list<T>(gvr, { limit: MOST, omitManagedFields: true, signal });
    return items.toSorted(byName);
  } catch {
    signal.throwIfAborted();
    return list<T>(reading, part, gvr, reading.namespace);
  }
}

/** The configuration is JSON in a text, written by people. */
function pluginOf(config: string): string {
  try {
    const { type, plugins } = JSON.parse(config) as { type?: unknown; plugins?: { type?: unknown }[] };
    const found = type ?? plugins?.[0]?.type;
    return typeof found === 'string' ? found : '';
  } catch {
    return '';
  }
}

interface Node extends KubeObject {
  readonly spec?: {
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: Conditioned['status'] & { readonly allocatable?: Readonly<Record<string, string>> };
}

function nodeOption(node: Node): VmOptions['nodes'][number] {
  const { cpu = '0', memory = '0' } = node.status?.allocatable ?? {};
  return {
    name: nameOf(node),
    ready: isReady(node),
    cpu: Number(parseQuantity(cpu)?.nano ?? 0n) / 1e9,
    memory,
    taints: (node.spec?.taints ?? []).map(
      ({ key, value = '', effect }) => `${key}${value === '' ? '' : `=${value}`}:${effect}`,
    ),
  };
}

/** What device plug-ins offer; KubeVirt's own devices are not for machines to choose. */
function devicesOf(nodes: readonly Node[]): VmOptions['devices'] {
  const counts = new Map<string, bigint>();
  for (const { status } of nodes)
    for (const [name, amount] of Object.entries(status?.allocatable ?? {})) {
      if (!name.includes('/') || /(^|\.)kubernetes\.io\/|^devices\.kubevirt\.io\//.test(name)) continue;
      counts.set(name, (counts.get(name) ?? 0n) + (parseQuantity(amount)?.nano ?? 0n));
    }
  return Array.from(counts, ([deviceName, nano]) => ({
    deviceName,
    count: Number(nano / 10n ** 9n),
  })).toSorted((a, b) => (a.deviceName < b.deviceName ? -1 : 1));
}

/** Names only: their values never come here. */
async function readSecrets({ client, namespace, signal, missing }: Reading): Promise<string[]> {
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets?limit=${MOST}`;
    const { items } = await client.request<KubeList>({ path, headers: { accept: PARTIAL }, signal });
    return items.map(nameOf).toSorted();
  } catch (error) {
    signal.throwIfAborted();
    miss(missing, 'secrets', { group: '', version: 'v1', resource: 'secrets' }, error);
    return [];
  }
}

/** Of the machines that one sees here. */
async function readImages(reading: Reading): Promise<string[]> {
  const vms = await list<VirtualMachine>(reading, 'images', VIRTUAL_MACHINES, reading.namespace);
  const images = vms.flatMap(({ spec }) =>
    (spec?.template?.spec?.volumes ?? []).flatMap(({ containerDisk }) => containerDisk?.image ?? []),
  );
  return [...new Set(images)].toSorted();
}
