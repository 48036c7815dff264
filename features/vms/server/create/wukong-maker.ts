import type { KubeObject } from '@krateyard/kube/meta/object';
import type { CloudInit, NetworkWish, VmCreateRequest } from '../../contract/vm-create.ts';
import { VIRTUAL_MACHINES, WUKONGS } from '../machine-types.ts';
import { nameOfOwned } from '../wukong-ties.ts';
import { checkBytes, checkDeviceName, checkLabels, checkName, checkPartName } from './field-rules.ts';
import type { MachineMaker, Plan, PlannedPart, Premise, Surroundings } from './machine-maker.ts';
import { checkUsers, secretOf } from './plan-cloud-init.ts';
import { SECRETS } from './plan-disks.ts';
import { checkNetworkAddresses, attachmentPremise } from './plan-networks.ts';
import { planWukongDisks, type PlannedWukongDisks } from './plan-wukong-disks.ts';
import { Problems } from './problems.ts';
import { wukongFieldMap } from './wukong-field-map.ts';

/** Its machine's name must still be a host's. */
const MAX_NAME = 60;
/** Where the operator looks first. */
const KEY_OF_KEYS = 'ssh-publickey';
/** What the request can say and a Wukong cannot. */
const UNKNOWN: readonly (readonly [keyof VmCreateRequest, string])[] = [
  ['instancetype', 'a Wukong says cpu and memory itself'],
  ['preference', 'a Wukong knows no preferences'],
  ['hostDevices', 'a Wukong has GPUs and no other devices'],
  ['firmware', 'a Wukong does not choose its firmware'],
];
const UNKNOWN_START: readonly (keyof CloudInit)[] = [
  'hostname',
  'packages',
  'commands',
  'userData',
  'userDataSecret',
  'networkData',
  'networkDataSecret',
  'passwordSecret',
];

/** A Wukong, whose operator makes the machine, its claims and networks. */
export const wukongMaker: MachineMaker = {
  plan(request, around): Plan {
    const problems = new Problems();
    check(request, around, problems);
    const disks = planWukongDisks(request, around, problems);
    checkNetworks(request.networks ?? [], problems);
    const keys = keysOf(request, around);
    problems.throwIfAny();
    const machineName = nameOfOwned(request.name);
    const wukong: KubeObject = {
      apiVersion: `${WUKONGS.group}/${WUKONGS.version}`,
      kind: 'Wukong',
      metadata: {
        name: request.name,
        namespace: around.namespace,
        ...(request.labels && { labels: request.labels }),
        ...(request.annotations && { annotations: request.annotations }),
      },
      spec: specOf(request, disks, keys.name),
    };
    return {
      namespace: around.namespace,
      name: request.name,
      machineName,
      isMade: (vm) => vm.wukong === request.name,
      needs: keys.secret ? [keys.secret] : [],
      machine: { gvr: WUKONGS, object: wukong },
      runs: runsOf(request, disks),
      premises: [
        {
          field: 'name',
          gvr: VIRTUAL_MACHINES,
          name: machineName,
          namespace: around.namespace,
          must: 'be-new',
          taken: `its machine would be called ${machineName}, and there is one already`,
        },
        ...disks.premises,
        ...premisesOf(request, around.namespace),
      ],
      warnings: warningsOf(request),
      fieldOf: wukongFieldMap(
        disks.origins,
        attachedOf(request.networks ?? []).map(({ index }) => index),
      ),
    };
  },
};

function check(request: VmCreateRequest, { wukong }: Surroundings, problems: Problems): void {
  if (!wukong) problems.add('owner', 'Wukongs are not served by this cluster', 'FieldValueForbidden');
  checkName(problems, 'name', request.name);
  if (request.name.length > MAX_NAME) problems.add('name', `is longer than ${MAX_NAME} characters`);
  for (const key of ['cpu', 'memory'] as const)
    if (request[key] === undefined && !request.instancetype)
      problems.add(key, 'how much?', 'FieldValueRequired');
  if (request.memory !== undefined) checkBytes(problems, 'memory', request.memory);
  checkLabels(problems, 'labels', request.labels ?? {});
  checkLabels(problems, 'annotations', request.annotations ?? {}, 'any');
  for (const [key, why] of UNKNOWN) {
    const value = request[key];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0))
      problems.add(key, why, 'FieldValueForbidden');
  }
  if (request.runStrategy === 'Once')
    problems.add('runStrategy', 'a Wukong knows Always, RerunOnFailure, Manual and Halted');
  for (const [index, { name, deviceName }] of (request.gpus ?? []).entries()) {
    checkPartName(problems, `gpus.${index}.name`, name);
    checkDeviceName(problems, `gpus.${index}.deviceName`, deviceName);
  }
  checkStart(request.cloudInit ?? {}, problems);
  checkPlacement(request, problems);
}

function checkStart(wish: CloudInit, problems: Problems): void {
  for (const key of UNKNOWN_START)
    if (wish[key] !== undefined && !(Array.isArray(wish[key]) && wish[key].length === 0))
      problems.add(`cloudInit.${key}`, 'a Wukong makes one user, and says no more', 'FieldValueForbidden');
  if (wish.type === 'configDrive')
    problems.add('cloudInit.type', 'a Wukong tells its guest by noCloud', 'FieldValueForbidden');
  const { users = [], sshKeySecrets = [] } = wish;
  checkUsers(users, problems);
  for (const [index, { password }] of users.entries()) {
    if (index > 0) problems.add(`cloudInit.users.${index}`, 'a Wukong makes one user', 'FieldValueForbidden');
    if (password !== undefined)
      problems.add(
        `cloudInit.users.${index}.password`,
        'would stand in the Wukong, for everybody who may read it: give passwordHash, or keys',
        'FieldValueForbidden',
      );
  }
  for (const [index, name] of sshKeySecrets.entries()) {
    checkName(problems, `cloudInit.sshKeySecrets.${index}`, name);
    if (index > 0 || (users[0]?.sshKeys ?? []).length > 0)
      problems.add(
        `cloudInit.sshKeySecrets.${index}`,
        'a Wukong takes its keys from one Secret, which is made where keys are given',
        'FieldValueForbidden',
      );
  }
}

function checkPlacement({ placement = {} }: VmCreateRequest, problems: Problems): void {
  const { nodeSelector = {}, nodes = [], apartFrom } = placement;
  checkLabels(problems, 'placement.nodeSelector', nodeSelector);
  if (nodes.length > 0)
    problems.add('placement.nodes', 'a Wukong chooses nodes by their labels', 'FieldValueForbidden');
  if (apartFrom)
    problems.add('placement.apartFrom', 'a Wukong keeps away from Wukongs only', 'FieldValueForbidden');
}

/** Its operator plugs every machine into the pod's network, too: that one is not the Wukong's. */
const attachedOf = (networks: readonly NetworkWish[]): { wish: NetworkWish; index: number }[] =>
  networks.flatMap((wish, index) =>
    (wish.nadName ?? '') === '' && wish.type === undefined ? [] : [{ wish, index }],
  );

function checkNetworks(networks: readonly NetworkWish[], problems: Problems): void {
  const names = new Set<string>();
  const attached = new Set(attachedOf(networks).map(({ index }) => index));
  for (const [index, wish] of networks.entries()) {
    const field = `networks.${index}`;
    checkPartName(problems, `${field}.name`, wish.name);
    if (names.has(wish.name) || (attached.has(index) && wish.name === 'default'))
      problems.add(`${field}.name`, `"${wish.name}" is another network`, 'FieldValueDuplicate');
    names.add(wish.name);
    if (!attached.has(index) && networks.length - attached.size > 1)
      problems.add(
        `${field}.nadName`,
        "only one can be the pod's network: say nadName, or type",
        'FieldValueRequired',
      );
    for (const key of ['model', 'macAddress'] as const)
      if (wish[key] !== undefined)
        problems.add(`${field}.${key}`, 'a Wukong does not choose it', 'FieldValueForbidden');
    if (wish.binding !== undefined && wish.binding !== (attached.has(index) ? 'bridge' : 'masquerade'))
      problems.add(`${field}.binding`, 'follows from the type', 'FieldValueForbidden');
    checkNetworkAddresses(wish, field, problems);
  }
}

/** Public keys that were given become a Secret, which goes with the Wukong. */
function keysOf(
  { name, cloudInit }: VmCreateRequest,
  around: Surroundings,
): { readonly name: string | undefined; readonly secret: PlannedPart | undefined } {
  const keys = cloudInit?.users?.[0]?.sshKeys ?? [];
  if (keys.length === 0) return { name: cloudInit?.sshKeySecrets?.[0], secret: undefined };
  const secretName = `${name}-ssh-keys-${around.randomHex(5)}`;
  const text = `${keys.map((key) => key.trim()).join('\n')}\n`;
  return { name: secretName, secret: secretOf(secretName, around.namespace, { [KEY_OF_KEYS]: text }) };
}

function specOf(
  request: VmCreateRequest,
  { osImage, disks }: PlannedWukongDisks,
  sshKeySecret: string | undefined,
): Readonly<Record<string, unknown>> {
  const {
    cpu,
    memory,
    gpus = [],
    networks = [],
    cloudInit,
    placement = {},
    runStrategy = 'Always',
  } = request;
  const { nodeSelector, tolerations = [] } = placement;
  const user = cloudInit?.users?.[0];
  const availability = {
    ...(nodeSelector && { nodeSelector }),
    ...(tolerations.length > 0 && { tolerations }),
  };
  return {
    cpu,
    memory,
    ...((osImage ?? request.osImage) && { osImage: osImage ?? request.osImage }),
    ...(sshKeySecret !== undefined && { sshKeySecret }),
    ...(user && { cloudInitUser: userOf(user) }),
    ...(attachedOf(networks).length > 0 && {
      networks: attachedOf(networks).map(({ wish }) => networkOf(wish)),
    }),
    ...(disks.length > 0 && { disks }),
    ...(gpus.length > 0 && { gpus }),
    ...(Object.keys(availability).length > 0 && { highAvailability: availability }),
    startStrategy: runStrategy === 'Halted' ? { autoStart: false } : { runStrategy, autoStart: true },
  };
}

/** A sudo rule of nothing: without one the kind's own default is everything, without a password. */
const NO_SUDO = 'ALL=!ALL';

function userOf({
  name,
  passwordHash,
  sudo = NO_SUDO,
  shell,
  groups = [],
}: NonNullable<CloudInit['users']>[number]): object {
  return {
    name,
    sudo,
    ...(shell !== undefined && { shell }),
    ...(groups.length > 0 && { groups }),
    ...(passwordHash !== undefined && { passwordHash }),
    lockPasswd: passwordHash === undefined,
  };
}

function networkOf({ name, nadName = '', type = 'bridge', ipConfig, ...more }: NetworkWish): object {
  const { vlanId, bridgeName, physicalInterface, primary } = more;
  return {
    name,
    type,
    ...(nadName !== '' && { nadName }),
    ...(vlanId !== undefined && { vlanId }),
    ...(bridgeName !== undefined && { bridgeName }),
    ...(physicalInterface !== undefined && { physicalInterface }),
    ...(primary !== undefined && { primary }),
    ...(ipConfig && { ipConfig: { mode: ipConfig.address ? 'static' : 'dhcp', ...ipConfig } }),
  };
}

/** What the operator will make, as far as quotas count it. */
function runsOf(request: VmCreateRequest, { osImage, disks }: PlannedWukongDisks): Plan['runs'] {
  const storage = disks.map(({ size, storageClassName, image }) => ({
    imported: image !== undefined,
    spec: { storage: { storageClassName, resources: { requests: { storage: size } } } },
  }));
  return {
    dataVolumeTemplates: storage.filter(({ imported }) => imported),
    claims: storage.filter(({ imported }) => !imported).map(({ spec }) => spec.storage),
    secrets: request.cloudInit?.users?.[0] ? 1 : 0,
    template: { spec: { volumes: osImage === undefined ? [] : [{ name: 'root', containerDisk: {} }] } },
  };
}

function premisesOf({ networks = [], cloudInit }: VmCreateRequest, namespace: string): Premise[] {
  return [
    ...attachedOf(networks).flatMap(({ wish: { nadName = '' }, index }) =>
      nadName === '' ? [] : [attachmentPremise(nadName, `networks.${index}.nadName`, namespace)],
    ),
    ...(cloudInit?.sshKeySecrets ?? []).map((name, index) => ({
      field: `cloudInit.sshKeySecrets.${index}`,
      gvr: SECRETS,
      name,
      namespace,
      must: 'exist' as const,
    })),
  ];
}

function warningsOf({ networks = [] }: VmCreateRequest): string[] {
  return attachedOf(networks).flatMap(({ wish: { name, type } }) =>
    type === 'macvlan' ? [`The operator makes no interface of network ${name}: macvlan is not built.`] : [],
  );
}
