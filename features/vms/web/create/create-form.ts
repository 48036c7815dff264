import type {
  CloudInit,
  CloudUser,
  DiskSource,
  DiskWish,
  NetworkWish,
  Placement,
  RunStrategy,
  TypeReference,
  VmCreateRequest,
} from '../../contract/vm-create.ts';

/** What stands in the form, as typed. Lists have the order of the request, so that the server's `disks.1.size` is the second disk's size here. */
export interface CreateForm {
  readonly namespace: string;
  readonly name: string;
  /** Who looks after the machine. */
  readonly owner: NonNullable<VmCreateRequest['owner']>;
  readonly runStrategy: RunStrategy;
  /** `app=web, tier=db` */
  readonly labels: string;
  readonly sizing: 'own' | 'type';
  readonly cpu: number;
  readonly memory: string;
  /** `scope/name`; '' for none. */
  readonly instancetype: string;
  readonly preference: string;
  readonly firmware: '' | NonNullable<VmCreateRequest['firmware']>;
  readonly disks: readonly DiskForm[];
  readonly networks: readonly NetworkForm[];
  readonly start: 'none' | 'parts' | 'text' | 'secret';
  readonly hostname: string;
  readonly users: readonly UserForm[];
  /** One a line. */
  readonly packages: string;
  readonly commands: string;
  readonly userData: string;
  readonly networkData: string;
  readonly userDataSecret: string;
  /** Comma separated. */
  readonly sshKeySecrets: string;
  readonly gpus: readonly DeviceForm[];
  readonly hostDevices: readonly DeviceForm[];
  readonly nodeSelector: string;
  readonly nodes: string;
  /** As kubectl writes taints, one a line: `key=value:NoSchedule`. */
  readonly tolerations: string;
  readonly apartFrom: string;
  readonly apartRequired: boolean;
}

export type SourceType = DiskSource['type'];

export interface DiskForm {
  /** Of the form only: a list's items keep their place in the page. */
  readonly id: number;
  readonly name: string;
  readonly source: SourceType;
  /** The image, address, claim or `namespace/name` of a DataSource: whatever the source is of. */
  readonly from: string;
  readonly secret: string;
  readonly size: string;
  readonly storageClassName: string;
  readonly device: 'disk' | 'cdrom';
  readonly bus: '' | NonNullable<DiskWish['bus']>;
  readonly boot: boolean;
}

export interface NetworkForm {
  readonly id: number;
  readonly name: string;
  /** '' for the pod's network. */
  readonly nadName: string;
  readonly model: '' | NonNullable<NetworkWish['model']>;
  readonly macAddress: string;
  readonly fixed: boolean;
  readonly address: string;
  readonly gateway: string;
  readonly dnsServers: string;
}

export interface UserForm {
  readonly id: number;
  readonly name: string;
  /** One a line. */
  readonly sshKeys: string;
  readonly password: string;
  readonly sudo: boolean;
}

export interface DeviceForm {
  readonly id: number;
  readonly name: string;
  readonly deviceName: string;
}

const SUDO = 'ALL=(ALL) ALL';

export function emptyForm(namespace: string): CreateForm {
  return {
    namespace,
    name: '',
    owner: 'kubevirt',
    runStrategy: 'Always',
    labels: '',
    sizing: 'own',
    cpu: 1,
    memory: '2Gi',
    instancetype: '',
    preference: '',
    firmware: '',
    disks: [newDisk(1, [])],
    networks: [newNetwork(2, [])],
    start: 'none',
    hostname: '',
    users: [newUser(3)],
    packages: '',
    commands: '',
    userData: '#cloud-config\n',
    networkData: '',
    userDataSecret: '',
    sshKeySecrets: '',
    gpus: [],
    hostDevices: [],
    nodeSelector: '',
    nodes: '',
    tolerations: '',
    apartFrom: '',
    apartRequired: false,
  };
}

export const newDisk = (id: number, others: readonly DiskForm[]): DiskForm => ({
  id,
  name: freeName(others.length === 0 ? 'root' : 'disk', others),
  source: others.length === 0 ? 'containerDisk' : 'blank',
  from: '',
  secret: '',
  size: others.length === 0 ? '' : '10Gi',
  storageClassName: '',
  device: 'disk',
  bus: '',
  boot: others.length === 0,
});

export const newNetwork = (id: number, others: readonly NetworkForm[]): NetworkForm => ({
  id,
  name: freeName(others.length === 0 ? 'default' : 'net', others),
  nadName: '',
  model: '',
  macAddress: '',
  fixed: false,
  address: '',
  gateway: '',
  dnsServers: '',
});

export const newUser = (id: number): UserForm => ({ id, name: '', sshKeys: '', password: '', sudo: true });

export const newDevice = (id: number, others: readonly DeviceForm[]): DeviceForm => ({
  id,
  name: freeName('dev', others),
  deviceName: '',
});

export function freeName(stem: string, others: readonly { readonly name: string }[]): string {
  const taken = new Set(others.map(({ name }) => name));
  if (!taken.has(stem)) return stem;
  let number = others.length + 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

/** An id that no item of the form has. */
export function nextId(form: CreateForm): number {
  const lists = [form.disks, form.networks, form.users, form.gpus, form.hostDevices];
  return 1 + Math.max(0, ...lists.flat().map(({ id }) => id));
}

/** The request that the form means. Never throws: what is wrong the server says, at its field. */
export function bodyOf(form: CreateForm): VmCreateRequest {
  const own = form.sizing === 'own';
  const labels = pairsOf(form.labels);
  const cloudInit = cloudInitOf(form);
  const placement = placementOf(form);
  const type = own ? undefined : (typeOf(form.instancetype) ?? { name: '' });
  const preference = typeOf(form.preference);
  return {
    name: form.name.trim(),
    ...(form.owner !== 'kubevirt' && { owner: form.owner }),
    ...(own && { cpu: form.cpu }),
    ...(own && form.memory.trim() !== '' && { memory: form.memory.trim() }),
    ...(type && { instancetype: type }),
    ...(preference && { preference }),
    runStrategy: form.runStrategy,
    ...(form.firmware !== '' && { firmware: form.firmware }),
    ...(Object.keys(labels).length > 0 && { labels }),
    disks: form.disks.map(diskOf),
    networks: form.networks.map(networkOf),
    ...(form.gpus.length > 0 && { gpus: form.gpus.map(deviceOf) }),
    ...(form.hostDevices.length > 0 && { hostDevices: form.hostDevices.map(deviceOf) }),
    ...(cloudInit && { cloudInit }),
    ...(placement && { placement }),
  };
}

function typeOf(key: string): TypeReference | undefined {
  const at = key.indexOf('/');
  if (at < 0) return undefined;
  return { name: key.slice(at + 1), scope: key.startsWith('namespace/') ? 'namespace' : 'cluster' };
}

const SIZED = new Set<SourceType>(['http', 'registry', 'dataSource', 'clone', 'blank', 'empty']);
const CLAIMED = new Set<SourceType>(['http', 'registry', 'dataSource', 'clone', 'blank']);
export const hasSize = (source: SourceType): boolean => SIZED.has(source);
export const hasClaim = (source: SourceType): boolean => CLAIMED.has(source);

function diskOf(disk: DiskForm): DiskWish {
  const { name, source, size, storageClassName, device, bus, boot } = disk;
  return {
    name: name.trim(),
    source: sourceOf(disk),
    ...(hasSize(source) && size.trim() !== '' && { size: size.trim() }),
    ...(hasClaim(source) && storageClassName !== '' && { storageClassName }),
    ...(device !== 'disk' && { device }),
    ...(bus !== '' && { bus }),
    ...(boot && { boot }),
  };
}

function sourceOf({ source, from, secret }: DiskForm): DiskSource {
  const text = from.trim();
  const kept = secret.trim() !== '' && { secret: secret.trim() };
  switch (source) {
    case 'containerDisk':
      return { type: source, image: text };
    case 'http':
      return { type: source, url: text, ...kept };
    case 'registry':
      return { type: source, image: text, ...kept };
    case 'dataSource':
      return { type: source, ...namespacedOf(text) };
    case 'clone': {
      const { name, namespace } = namespacedOf(text);
      return { type: source, claim: name, ...(namespace !== undefined && { namespace }) };
    }
    case 'claim':
      return { type: source, claim: text };
    case 'blank':
    case 'empty':
      return { type: source };
  }
}

function namespacedOf(text: string): { name: string; namespace?: string } {
  const at = text.indexOf('/');
  return at < 0 ? { name: text } : { namespace: text.slice(0, at), name: text.slice(at + 1) };
}

function networkOf(network: NetworkForm): NetworkWish {
  const { name, nadName, model, macAddress, fixed, address, gateway, dnsServers } = network;
  return {
    name: name.trim(),
    ...(nadName !== '' && { nadName }),
    ...(model !== '' && { model }),
    ...(macAddress.trim() !== '' && { macAddress: macAddress.trim() }),
    ...(fixed && {
      ipConfig: {
        mode: 'static' as const,
        ...(address.trim() !== '' && { address: address.trim() }),
        ...(gateway.trim() !== '' && { gateway: gateway.trim() }),
        ...(wordsOf(dnsServers).length > 0 && { dnsServers: wordsOf(dnsServers) }),
      },
    }),
  };
}

const deviceOf = ({ name, deviceName }: DeviceForm): { name: string; deviceName: string } => ({
  name: name.trim(),
  deviceName: deviceName.trim(),
});

function cloudInitOf(form: CreateForm): CloudInit | undefined {
  const sshKeySecrets = wordsOf(form.sshKeySecrets);
  const keys = sshKeySecrets.length > 0 && { sshKeySecrets };
  const networkData = form.networkData.trim() !== '' && { networkData: form.networkData };
  switch (form.start) {
    case 'none':
      return undefined;
    case 'secret':
      return { userDataSecret: form.userDataSecret.trim(), ...keys };
    case 'text':
      return { userData: form.userData, ...networkData, ...keys };
    case 'parts': {
      const [packages, commands] = [linesOf(form.packages), linesOf(form.commands)];
      const parts = {
        ...(form.hostname.trim() !== '' && { hostname: form.hostname.trim() }),
        ...(form.users.length > 0 && { users: form.users.map(userOf) }),
        ...(packages.length > 0 && { packages }),
        ...(commands.length > 0 && { commands }),
        ...keys,
      };
      return Object.keys(parts).length > 0 ? parts : undefined;
    }
  }
}

function userOf({ name, sshKeys, password, sudo }: UserForm): CloudUser {
  const keys = linesOf(sshKeys);
  return {
    name: name.trim(),
    ...(keys.length > 0 && { sshKeys: keys }),
    ...(password !== '' && { password }),
    ...(sudo && { sudo: SUDO }),
  };
}

function placementOf(form: CreateForm): Placement | undefined {
  const nodeSelector = pairsOf(form.nodeSelector);
  const nodes = wordsOf(form.nodes);
  const tolerations = linesOf(form.tolerations).map(tolerationOf);
  const labels = pairsOf(form.apartFrom);
  const placement = {
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(nodes.length > 0 && { nodes }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(Object.keys(labels).length > 0 && { apartFrom: { labels, required: form.apartRequired } }),
  };
  return Object.keys(placement).length > 0 ? placement : undefined;
}

type Toleration = NonNullable<Placement['tolerations']>[number];

/** `key=value:Effect`, `key:Effect`, `key`. */
export function tolerationOf(text: string): Toleration {
  const [taint = '', effect] = text.split(':', 2);
  const at = taint.indexOf('=');
  const key = (at < 0 ? taint : taint.slice(0, at)).trim();
  return {
    ...(key !== '' && { key }),
    ...(at < 0
      ? { operator: 'Exists' as const }
      : { operator: 'Equal' as const, value: taint.slice(at + 1).trim() }),
    ...(effect !== undefined && { effect: effect.trim() as NonNullable<Toleration['effect']> }),
  };
}

/** `a=b, c=d`; a word without `=` is a key without a value. */
export function pairsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    wordsOf(text).map((word) => {
      const at = word.indexOf('=');
      return at < 0 ? [word, ''] : [word.slice(0, at).trim(), word.slice(at + 1).trim()];
    }),
  );
}

export const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
