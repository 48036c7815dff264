import { parseQuantity } from '@krateyard/kube/meta/quantity';
import { StatusError, type StatusCause } from '@krateyard/status/status-error';
import type { Admission } from '../api/admission.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { typeResource } from './instancetype.ts';
import { KUBEVIRT_GROUP } from './kubevirt-resources.ts';
import type { DataVolumeTemplate, InstanceSpec, VirtualMachine } from './vm-types.ts';

const SPEC = 'spec.template.spec';
const STRATEGIES = new Set(['Always', 'RerunOnFailure', 'Manual', 'Halted', 'Once']);
const BUSES = ['virtio', 'scsi', 'sata', 'usb'];
const MOST_CLOUD_INIT = 2048;
const MAC = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2}){4}$/i;

type Reason = 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueDuplicate';
type Named = Readonly<Record<string, unknown>> & { readonly name?: string };

/** What is wrong, in the order in which virt-api looks. */
class Findings {
  readonly causes: StatusCause[] = [];

  add(field: string, message: string, reason: Reason = 'FieldValueInvalid'): void {
    this.causes.push({ reason, message, field });
  }
}

/** virt-api's webhook for machines: its refusals of 1.7.0, those of what people get wrong most. */
export function machineAdmission(store: ObjectStore): Admission {
  return ({ operation, definition, subresource, object }) => {
    const machines = definition.group === KUBEVIRT_GROUP && definition.resource === 'virtualmachines';
    if (!machines || subresource !== undefined || !object || operation === 'DELETE') return;
    const vm = object as VirtualMachine;
    const spec = vm.spec?.template?.spec as InstanceSpec | undefined;
    if (!spec || vm.metadata.deletionTimestamp !== undefined) return;
    requireQuantities(spec);
    const found = new Findings();
    checkTemplate(spec, found);
    checkStrategy(vm, found);
    checkDataVolumes(vm, found);
    checkInstancetype(vm, store, found);
    if (found.causes.length > 0) throw denied('virtualmachine-validator', found.causes);
  };
}

function denied(webhook: string, causes: readonly StatusCause[]): StatusError {
  const words = causes.map(({ message }) => message).join(', ');
  return new StatusError(
    'Invalid',
    `admission webhook "${webhook}.kubevirt.io" denied the request: ${words}`,
    {
      details: { causes },
    },
  );
}

/** The mutating webhook cannot read these at all. */
function requireQuantities({ domain }: InstanceSpec): void {
  const guest = domain?.memory?.guest;
  if (guest === undefined || parseQuantity(guest)) return;
  throw new StatusError(
    'BadRequest',
    `admission webhook "virtualmachines-mutator.kubevirt.io" denied the request: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
  );
}

function checkStrategy({ spec }: VirtualMachine, found: Findings): void {
  const { running, runStrategy } = spec;
  if (running !== undefined && runStrategy !== undefined)
    found.add(
      'spec.running',
      'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
    );
  else if (running === undefined && runStrategy === undefined)
    found.add('spec.running', 'RunStrategy must be specified');
  else if (runStrategy !== undefined && !STRATEGIES.has(runStrategy))
    found.add('spec.runStrategy', `Invalid RunStrategy (${runStrategy})`);
}

function checkTemplate(spec: InstanceSpec, found: Findings): void {
  const { disks = [] } = spec.domain?.devices ?? {};
  checkNetworks(spec, found);
  checkDisks(disks, spec.volumes ?? [], found);
  checkVolumes(spec.volumes ?? [], found);
  checkCredentials(spec, found);
}

function checkNetworks({ domain, networks = [] }: InstanceSpec, found: Findings): void {
  const { interfaces = [] } = domain?.devices ?? {};
  const at = `${SPEC}.domain.devices.interfaces`;
  for (const [index, { name }] of networks.entries())
    if (!interfaces.some((one) => one.name === name))
      found.add(
        `${SPEC}.networks[${index}].name`,
        `${SPEC}.networks[${index}].name '${name}' not found.`,
        'FieldValueRequired',
      );
  for (const [index, { name, macAddress, ...binding }] of interfaces.entries()) {
    const network = networks.find((one) => one.name === name);
    if (networks.length > 0 && !network)
      found.add(`${at}[${index}].name`, `${at}[${index}].name '${name}' not found.`);
    if (network && !network.pod && 'masquerade' in binding)
      found.add(`${at}[${index}].name`, 'Masquerade interface only implemented with pod network');
    if (macAddress !== undefined && !MAC.test(macAddress))
      found.add(
        `${at}[${index}].macAddress`,
        `interface ${at}[${index}].name has malformed MAC address (${macAddress}).`,
      );
  }
  if (networks.filter(({ pod }) => pod !== undefined).length > 1)
    found.add(
      `${SPEC}.interfaces`,
      `more than one interface is connected to a pod network in ${SPEC}.interfaces`,
      'FieldValueDuplicate',
    );
}

function checkDisks(disks: readonly Named[], volumes: readonly Named[], found: Findings): void {
  const at = (index: number): string => `${SPEC}.domain.devices.disks[${index}]`;
  const orders = new Set<unknown>();
  for (const [index, disk] of disks.entries()) {
    const first = disks.findIndex(({ name }) => name === disk.name);
    if (first < index)
      found.add(`${at(index)}.name`, `${at(index)} and ${at(first)} must not have the same Name.`);
    const [kind, device] = deviceOf(disk);
    const bus = device?.bus;
    if (bus !== undefined && !BUSES.includes(bus))
      found.add(
        `${at(index)}.${kind}.bus`,
        `${at(index)} is set with an unrecognized bus ${bus}, must be one of: [${BUSES.join(' ')}]`,
      );
    if (kind === 'cdrom' && bus === 'virtio')
      found.add(`${at(index)}.cdrom.bus`, 'Bus type virtio is invalid for CD-ROM device');
    const { bootOrder } = disk;
    if (bootOrder !== undefined && Number(bootOrder) < 1)
      found.add(`${at(index)}.bootOrder`, `${at(index)} must have a boot order > 0, if supplied`);
    else if (bootOrder !== undefined && orders.has(bootOrder))
      found.add(
        `${at(index)}.bootOrder`,
        `Boot order for ${at(index)}.bootOrder already set for a different device.`,
      );
    orders.add(bootOrder);
    if (!volumes.some(({ name }) => name === disk.name))
      found.add(`${at(index)}.name`, `${at(index)}.Name '${disk.name}' not found.`);
  }
}

function deviceOf(disk: Named): readonly [kind: string, device: { bus?: string } | undefined] {
  for (const kind of ['disk', 'cdrom', 'lun']) if (disk[kind]) return [kind, disk[kind] as { bus?: string }];
  return ['disk', undefined];
}

function checkVolumes(volumes: readonly Named[], found: Findings): void {
  for (const [index, volume] of volumes.entries()) {
    const at = `${SPEC}.volumes[${index}]`;
    const first = volumes.findIndex(({ name }) => name === volume.name);
    if (first < index)
      found.add(`${at}.name`, `${at} and ${SPEC}.volumes[${first}] must not have the same Name.`);
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    if (sources.length !== 1) found.add(at, `${at} must have exactly one source type set`);
    for (const kind of ['cloudInitNoCloud', 'cloudInitConfigDrive'] as const)
      if (volume[kind])
        checkCloudInit(`${at}.${kind}`, volume[kind] as Readonly<Record<string, unknown>>, found);
  }
}

function checkCloudInit(at: string, source: Readonly<Record<string, unknown>>, found: Findings): void {
  const texts = [
    ['userdata', 'UserDataSecretRef', ['userData', 'userDataBase64', 'secretRef']],
    ['networkdata', 'NetworkDataSecretRef', ['networkData', 'networkDataBase64', 'networkDataSecretRef']],
  ] as const;
  let given = 0;
  for (const [words, secret, keys] of texts) {
    const set = keys.filter((key) => source[key] !== undefined && source[key] !== '');
    given += set.length;
    if (set.length > 1) found.add(at, `${at} must have only one ${words}source set.`);
    const text = source[keys[0]];
    if (typeof text === 'string' && Buffer.byteLength(text) > MOST_CLOUD_INIT)
      found.add(
        at,
        `${at} ${words} exceeds ${MOST_CLOUD_INIT} byte limit. Should use ${secret} for larger data.`,
      );
  }
  if (given === 0) found.add(at, `${at} must have at least one userdatasource or one networkdatasource set.`);
}

interface Credential {
  readonly sshPublicKey?: { readonly propagationMethod?: Readonly<Record<string, object>> };
}

function checkCredentials({ accessCredentials, volumes = [] }: InstanceSpec, found: Findings): void {
  const credentials = (accessCredentials ?? []) as readonly Credential[];
  for (const [index, { sshPublicKey }] of credentials.entries()) {
    const method = sshPublicKey?.propagationMethod ?? {};
    for (const [wanted, volume] of [
      ['noCloud', 'cloudInitNoCloud'],
      ['configDrive', 'cloudInitConfigDrive'],
    ] as const)
      if (method[wanted] && !volumes.some((one) => one[volume]))
        found.add(
          `${SPEC}.accessCredentials[${index}].sshPublicKey.propagationMethod`,
          `${SPEC}.accessCredentials[${index}] requires a ${wanted} volume to exist when the ${wanted} propagationMethod is in use.`,
        );
  }
}

function checkDataVolumes({ spec }: VirtualMachine, found: Findings): void {
  const volumes = spec.template.spec.volumes ?? [];
  for (const [index, { metadata, spec: wanted }] of (
    spec.dataVolumeTemplates ?? ([] as DataVolumeTemplate[])
  ).entries()) {
    const at = `spec.dataVolumeTemplate[${index}]`;
    if (!wanted?.source && !wanted?.sourceRef)
      found.add(
        `${at}.source.sourceRef`,
        'Data volume should have either Source, SourceRef, or be externally populated',
      );
    if (!volumes.some(({ dataVolume }) => dataVolume?.name === metadata.name))
      found.add(
        at,
        `DataVolumeTemplate entry ${at} must be referenced in the VMI template's 'volumes' list`,
        'FieldValueRequired',
      );
  }
}

/** One that is not there is no reason to refuse: the machine says so later. */
function checkInstancetype({ spec, metadata }: VirtualMachine, store: ObjectStore, found: Findings): void {
  const { instancetype, template } = spec;
  if (!instancetype) return;
  const { resource, group } = typeResource(instancetype, 'instancetype');
  const namespace = resource.includes('cluster') ? undefined : metadata.namespace;
  const there = store
    .collection(`${resource}.${group}`)
    .list(namespace)
    .some(({ object }) => object.metadata.name === instancetype.name);
  if (!there) return;
  const { cpu, memory } = template.spec.domain ?? {};
  const fields = [
    ...(['sockets', 'cores', 'threads'] as const)
      .filter((key) => cpu?.[key] !== undefined)
      .map((key) => `cpu.${key}`),
    ...(memory?.guest === undefined ? [] : ['memory']),
  ];
  for (const field of fields)
    found.add(
      `${SPEC}.domain.${field}`,
      `VM field(s) ${SPEC}.domain.${field} conflicts with selected instance type`,
    );
}
