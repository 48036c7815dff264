import type { KubeObject } from '@krateyard/kube/meta/object';
import type { DeviceWish, Placement, TypeReference, VmCreateRequest } from '../../contract/vm-create.ts';
import { VIRTUAL_MACHINES } from '../machine-types.ts';
import { checkBytes, checkDeviceName, checkLabels, checkName, checkPartName } from './field-rules.ts';
import { fieldMap } from './field-map.ts';
import { instancetypeGvr, preferenceGvr } from './instancetypes.ts';
import type { MachineMaker, Plan, Premise, Surroundings } from './machine-maker.ts';
import { planCloudInit } from './plan-cloud-init.ts';
import { planDisks } from './plan-disks.ts';
import { planNetworks } from './plan-networks.ts';
import { Problems } from './problems.ts';

const HOST_LABEL = 'kubernetes.io/hostname';

/** A VirtualMachine of KubeVirt; its DataVolumes are templates within it, so that one write makes them. */
export const kubevirtMaker: MachineMaker = {
  plan(request, around): Plan {
    const problems = new Problems();
    checkName(problems, 'name', request.name);
    checkSize(request, problems);
    checkLabels(problems, 'labels', request.labels ?? {});
    checkLabels(problems, 'annotations', request.annotations ?? {}, 'any');
    checkPlacement(request.placement ?? {}, problems);
    const disks = planDisks(request, around, problems);
    const networks = planNetworks(request, around, problems);
    const start = planCloudInit(request.cloudInit, networks.networkData, request.name, around, problems);
    const devices = {
      disks: [...disks.disks, ...(start.disk ? [start.disk] : [])],
      interfaces: networks.interfaces,
      ...devicesOf(request, problems),
    };
    problems.throwIfAny();
    const template = {
      ...(request.labels && { metadata: { labels: request.labels } }),
      spec: {
        domain: { ...sizeOf(request), ...(request.firmware && FIRMWARE[request.firmware]), devices },
        networks: networks.networks,
        volumes: [...disks.volumes, ...(start.volume ? [start.volume] : [])],
        ...(start.accessCredentials.length > 0 && { accessCredentials: start.accessCredentials }),
        ...placementOf(request.placement ?? {}),
      },
    };
    return {
      namespace: around.namespace,
      name: request.name,
      machineName: request.name,
      isMade: (vm, uid) => vm.id === uid,
      needs: [...(start.secret ? [start.secret] : []), ...disks.claims],
      machine: {
        gvr: VIRTUAL_MACHINES,
        object: machineOf(request, around.namespace, disks.templates, template),
      },
      premises: [
        ...typePremises(request, around),
        ...disks.premises,
        ...networks.premises,
        ...start.premises,
      ],
      warnings: [],
      fieldOf: fieldMap(request),
    };
  },
};

function machineOf(
  request: VmCreateRequest,
  namespace: string,
  templates: readonly object[],
  template: object,
): KubeObject {
  const { name, labels, annotations, instancetype, preference, runStrategy = 'Always' } = request;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: {
      runStrategy,
      ...(instancetype && { instancetype: reference(instancetype, 'Instancetype') }),
      ...(preference && { preference: reference(preference, 'Preference') }),
      ...(templates.length > 0 && { dataVolumeTemplates: templates }),
      template,
    },
  };
}

const reference = (
  { name, scope = 'cluster' }: TypeReference,
  of: 'Instancetype' | 'Preference',
): object => ({
  kind: scope === 'cluster' ? `VirtualMachineCluster${of}` : `VirtualMachine${of}`,
  name,
});

function checkSize({ cpu, memory, instancetype, preference }: VmCreateRequest, problems: Problems): void {
  for (const [field, value] of [
    ['cpu', cpu],
    ['memory', memory],
  ] as const) {
    if (instancetype && value !== undefined)
      problems.add(field, 'the instance type says it; leave one of the two out');
    if (!instancetype && value === undefined)
      problems.add(field, 'how much? Say it here, or name an instance type', 'FieldValueRequired');
  }
  if (memory !== undefined) checkBytes(problems, 'memory', memory);
  if (instancetype) checkName(problems, 'instancetype.name', instancetype.name);
  if (preference) checkName(problems, 'preference.name', preference.name);
}

/** Sockets: what KubeVirt can add to a machine that runs. */
function sizeOf({ cpu, memory }: VmCreateRequest): object {
  return {
    ...(cpu !== undefined && { cpu: { sockets: cpu, cores: 1, threads: 1 } }),
    ...(memory !== undefined && { memory: { guest: memory } }),
  };
}

const FIRMWARE: Readonly<Record<NonNullable<VmCreateRequest['firmware']>, object>> = {
  bios: { firmware: { bootloader: { bios: {} } } },
  efi: { firmware: { bootloader: { efi: { secureBoot: false } } } },
  // Secure boot needs system management mode, of which KubeVirt wants to be told.
  'efi-secure': {
    features: { smm: { enabled: true } },
    firmware: { bootloader: { efi: { secureBoot: true } } },
  },
};

function devicesOf({ gpus = [], hostDevices = [] }: VmCreateRequest, problems: Problems): object {
  const seen = new Set<string>();
  const check = (list: string, devices: readonly DeviceWish[]): void => {
    for (const [index, { name, deviceName }] of devices.entries()) {
      const field = `${list}.${index}`;
      checkPartName(problems, `${field}.name`, name);
      checkDeviceName(problems, `${field}.deviceName`, deviceName);
      if (seen.has(name))
        problems.add(`${field}.name`, `two devices are called "${name}"`, 'FieldValueDuplicate');
      seen.add(name);
    }
  };
  check('gpus', gpus);
  check('hostDevices', hostDevices);
  return { ...(gpus.length > 0 && { gpus }), ...(hostDevices.length > 0 && { hostDevices }) };
}

function checkPlacement(
  { nodeSelector, tolerations = [], nodes = [], apartFrom }: Placement,
  problems: Problems,
): void {
  checkLabels(problems, 'placement.nodeSelector', nodeSelector ?? {});
  if (apartFrom) {
    checkLabels(problems, 'placement.apartFrom.labels', apartFrom.labels);
    if (Object.keys(apartFrom.labels).length === 0)
      problems.add(
        'placement.apartFrom.labels',
        'which machines? Name at least one label',
        'FieldValueRequired',
      );
  }
  for (const [index, name] of nodes.entries()) checkName(problems, `placement.nodes.${index}`, name);
  for (const [
    index,
    { key = '', operator = 'Equal', value = '', effect, tolerationSeconds },
  ] of tolerations.entries()) {
    const field = `placement.tolerations.${index}`;
    if (key === '' && operator === 'Equal')
      problems.add(
        `${field}.key`,
        'which taint? Without a key the operator must be Exists',
        'FieldValueRequired',
      );
    if (key !== '') checkLabels(problems, `${field}.key`, { [key]: '' });
    if (operator === 'Exists' && value !== '') problems.add(`${field}.value`, 'Exists takes no value');
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      problems.add(`${field}.tolerationSeconds`, 'is for the effect NoExecute only');
  }
}

function placementOf({ nodeSelector, tolerations = [], nodes = [], apartFrom }: Placement): object {
  const affinity = {
    ...(nodes.length > 0 && {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: nodes.map((name) => ({
            matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }],
          })),
        },
      },
    }),
    ...(apartFrom && { podAntiAffinity: apart(apartFrom) }),
  };
  return {
    ...(nodeSelector && Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(Object.keys(affinity).length > 0 && { affinity }),
  };
}

function apart({ labels, required = false }: NonNullable<Placement['apartFrom']>): object {
  const term = { labelSelector: { matchLabels: labels }, topologyKey: HOST_LABEL };
  return required
    ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
}

function typePremises({ instancetype, preference }: VmCreateRequest, { namespace }: Surroundings): Premise[] {
  const found: Premise[] = [];
  const add = (field: string, type: TypeReference | undefined, gvr: typeof instancetypeGvr): void => {
    if (!type) return;
    const scope = type.scope ?? 'cluster';
    const at = scope === 'namespace' ? { namespace } : {};
    found.push({ field, gvr: gvr(scope), name: type.name, ...at, must: 'exist' });
  };
  add('instancetype.name', instancetype, instancetypeGvr);
  add('preference.name', preference, preferenceGvr);
  return found;
}
