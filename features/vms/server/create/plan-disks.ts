import type { KubeObject } from '@krateyard/kube/meta/object';
import type { DiskSource, DiskWish, VmCreateRequest } from '../../contract/vm-create.ts';
import { CLAIMS } from '../machine-types.ts';
import { checkBytes, checkHttp, checkImage, checkName, checkPartName } from './field-rules.ts';
import type { PlannedPart, Premise, Surroundings } from './machine-maker.ts';
import type { Problems } from './problems.ts';

export const DATA_VOLUMES = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  resource: 'datavolumes',
} as const;
export const DATA_SOURCES = {
  group: 'cdi.kubevirt.io',
  version: 'v1beta1',
  resource: 'datasources',
} as const;
export const STORAGE_CLASSES = {
  group: 'storage.k8s.io',
  version: 'v1',
  resource: 'storageclasses',
} as const;
export const SECRETS = { group: '', version: 'v1', resource: 'secrets' } as const;

/** The name of cloud-init's own disk. */
export const CLOUD_INIT_DISK = 'cloud-init';
/** Where a disk has no size, and what that is for. */
const NO_SIZE: Partial<Record<DiskSource['type'], string>> = {
  containerDisk:
    'a container disk is as large as its image; leave it out, or import the image with source registry',
  claim: 'the claim has its own',
};
const NEEDS_SIZE = new Set<DiskSource['type']>(['http', 'registry', 'blank', 'empty']);

export interface PlannedDisks {
  readonly disks: readonly object[];
  readonly volumes: readonly object[];
  readonly templates: readonly object[];
  readonly claims: readonly PlannedPart[];
  readonly premises: readonly Premise[];
}

export interface Disk {
  readonly wish: DiskWish;
  readonly source: DiskSource;
  readonly field: string;
  readonly sourceField: string;
}

/** Disks and volumes of the machine, templates of the DataVolumes that fill them, and claims where no CDI makes them. */
export function planDisks(request: VmCreateRequest, around: Surroundings, problems: Problems): PlannedDisks {
  const disks = disksOf(request, problems);
  const booted = disks.some(({ wish }) => wish.boot === true);
  checkDisks(disks, around, problems);
  const order = new Map(
    disks.filter(({ wish }, index) => (booted ? wish.boot : index === 0)).map((one, at) => [one, at + 1]),
  );
  return {
    disks: disks.map((disk) => deviceOf(disk, order.get(disk))),
    volumes: disks.map((disk) => volumeOf(disk, request.name, around)),
    templates: disks
      .filter((disk) => isImported(disk, around))
      .map((disk) => templateOf(disk, request.name, around)),
    claims: disks
      .filter(({ source }) => source.type === 'blank' && !around.cdi)
      .map((disk) => ({ gvr: CLAIMS, object: claimOf(disk, request.name, around.namespace) })),
    premises: disks.flatMap((disk) => premisesOf(disk, request.name, around)),
  };
}

/** What is wished for, each with what fills it. */
export function disksOf(request: VmCreateRequest, problems: Problems): readonly Disk[] {
  const wishes = wishesOf(request, problems);
  const booted = wishes.some(({ boot }) => boot === true);
  return wishes.map((wish, index) => {
    const boots = booted ? wish.boot === true : index === 0;
    return { wish, ...sourceOf(wish, index, boots, request.osImage), field: `disks.${index}` };
  });
}

/** Without disks of its own a machine starts from the image. */
function wishesOf({ disks = [], osImage = '' }: VmCreateRequest, problems: Problems): readonly DiskWish[] {
  if (disks.length > 0) return disks;
  if (osImage !== '') return [{ name: 'root' }];
  problems.add(
    'disks',
    'a machine needs something to start from: name a disk, or osImage',
    'FieldValueRequired',
  );
  return [];
}

function sourceOf(
  wish: DiskWish,
  index: number,
  boots: boolean,
  osImage: string | undefined,
): { source: DiskSource; sourceField: string } {
  const field = `disks.${index}`;
  if (wish.source) return { source: wish.source, sourceField: `${field}.source` };
  if (wish.image !== undefined && wish.image !== '')
    return { source: sourceOfImage(wish.image, wish), sourceField: `${field}.image` };
  if (boots && osImage !== undefined && osImage !== '')
    return { source: sourceOfImage(osImage, wish), sourceField: 'osImage' };
  return { source: { type: 'blank' }, sourceField: `${field}.source` };
}

function sourceOfImage(image: string, { size }: DiskWish): DiskSource {
  if (/^https?:\/\//i.test(image)) return { type: 'http', url: image };
  return size === undefined || size === ''
    ? { type: 'containerDisk', image: bareImage(image) }
    : { type: 'registry', image };
}

export const bareImage = (image: string): string => image.replace(/^docker:\/\//, '');

export function checkDisks(disks: readonly Disk[], around: Surroundings, problems: Problems): void {
  const seen = new Set<string>();
  for (const disk of disks) {
    const { wish, field, source } = disk;
    checkPartName(problems, `${field}.name`, wish.name);
    if (wish.name === CLOUD_INIT_DISK)
      problems.add(
        `${field}.name`,
        `"${CLOUD_INIT_DISK}" is the disk that carries cloud-init`,
        'FieldValueDuplicate',
      );
    if (seen.has(wish.name))
      problems.add(`${field}.name`, `two disks are called "${wish.name}"`, 'FieldValueDuplicate');
    seen.add(wish.name);
    if (wish.source && wish.image) problems.add(`${field}.image`, 'say image or source, not both');
    checkSize(disk, problems);
    checkSource(disk, around, problems);
    if (wish.device === 'cdrom' && wish.bus === 'virtio')
      problems.add(`${field}.bus`, 'a CD-ROM cannot be on virtio: sata, scsi or usb');
    if (wish.device === 'lun' && source.type !== 'claim')
      problems.add(`${field}.device`, 'a LUN is a claim that is there already');
  }
}

function checkSize({ wish, source, field }: Disk, problems: Problems): void {
  const why = NO_SIZE[source.type];
  const { size = '', storageClassName = '' } = wish;
  if (size !== '' && why !== undefined) problems.add(`${field}.size`, why);
  else if (size !== '') checkBytes(problems, `${field}.size`, size);
  else if (NEEDS_SIZE.has(source.type))
    problems.add(`${field}.size`, 'how large shall it be? 10Gi', 'FieldValueRequired');
  const claimed = why === undefined && source.type !== 'empty';
  if (storageClassName !== '' && !claimed)
    problems.add(`${field}.storageClassName`, 'only for disks that get a claim of their own');
  else if (storageClassName !== '') checkName(problems, `${field}.storageClassName`, storageClassName);
  for (const key of ['accessMode', 'volumeMode'] as const)
    if (wish[key] !== undefined && !claimed)
      problems.add(`${field}.${key}`, 'only for disks that get a claim of their own');
}

function checkSource(
  { source, field, sourceField, wish }: Disk,
  around: Surroundings,
  problems: Problems,
): void {
  const at = (key: string): string => (wish.source ? `${field}.source.${key}` : sourceField);
  switch (source.type) {
    case 'containerDisk':
      checkImage(problems, at('image'), bareImage(source.image));
      break;
    case 'http':
      checkHttp(problems, at('url'), source.url);
      break;
    case 'registry':
      checkImage(problems, at('image'), bareImage(source.image).replace(/^oci-archive:\/\//, ''));
      break;
    case 'dataSource':
      checkName(problems, at('name'), source.name);
      break;
    case 'clone':
    case 'claim':
      checkName(problems, at('claim'), source.claim);
      break;
    case 'blank':
    case 'empty':
      return;
  }
  if ('secret' in source && source.secret !== undefined) checkName(problems, at('secret'), source.secret);
  if ('namespace' in source && source.namespace !== undefined)
    checkName(problems, at('namespace'), source.namespace);
  if (around.cdi || source.type === 'containerDisk' || source.type === 'claim') return;
  // An image without an importer could only be a container disk, which forgets what is written: never without being asked.
  problems.add(
    source.type === 'registry' && !wish.source ? `${field}.size` : at('type'),
    source.type === 'registry'
      ? 'no CDI is served here, which would copy the image into a claim; leave size out for a container disk (what is written to it is lost at each stop)'
      : 'no CDI is served here, which would fill the disk; use a container disk or a claim that is there',
    'FieldValueForbidden',
  );
}

const claimName = (vm: string, { wish }: Disk): string => `${vm}-${wish.name}`;

const isImported = ({ source }: Disk, { cdi }: Surroundings): boolean =>
  ['http', 'registry', 'dataSource', 'clone'].includes(source.type) || (source.type === 'blank' && cdi);

function deviceOf({ wish }: Disk, bootOrder: number | undefined): object {
  const { name, device = 'disk', bus } = wish;
  return {
    name,
    [device]: { bus: bus ?? (device === 'cdrom' ? 'sata' : 'virtio') },
    ...(bootOrder !== undefined && { bootOrder }),
  };
}

function volumeOf(disk: Disk, vm: string, around: Surroundings): object {
  const { wish, source } = disk;
  const { name } = wish;
  switch (source.type) {
    case 'containerDisk': {
      const { image, pullPolicy } = source;
      return {
        name,
        containerDisk: { image: bareImage(image), ...(pullPolicy && { imagePullPolicy: pullPolicy }) },
      };
    }
    case 'claim':
      return { name, persistentVolumeClaim: { claimName: source.claim } };
    case 'empty':
      return { name, emptyDisk: { capacity: wish.size } };
    case 'http':
    case 'registry':
    case 'dataSource':
    case 'clone':
    case 'blank':
      return isImported(disk, around)
        ? { name, dataVolume: { name: claimName(vm, disk) } }
        : { name, persistentVolumeClaim: { claimName: claimName(vm, disk) } };
  }
}

function templateOf(disk: Disk, vm: string, { namespace }: Surroundings): object {
  const { wish, source } = disk;
  const { size, storageClassName = '', accessMode, volumeMode } = wish;
  return {
    metadata: { name: claimName(vm, disk) },
    spec: {
      ...importOf(source, namespace),
      storage: {
        ...(accessMode && { accessModes: [accessMode] }),
        ...(volumeMode && { volumeMode }),
        ...(storageClassName !== '' && { storageClassName }),
        ...(size !== undefined && size !== '' && { resources: { requests: { storage: size } } }),
      },
    },
  };
}

function importOf(source: DiskSource, namespace: string): object {
  switch (source.type) {
    case 'http':
      return {
        source: {
          http: { url: source.url, ...(source.secret !== undefined && { secretRef: source.secret }) },
        },
      };
    case 'registry': {
      const { image, secret, pullMethod } = source;
      const url = /^[a-z-]+:\/\//.test(image) ? image : `docker://${image}`;
      return {
        source: {
          registry: {
            url,
            ...(secret !== undefined && { secretRef: secret }),
            ...(pullMethod && { pullMethod }),
          },
        },
      };
    }
    case 'dataSource':
      return {
        sourceRef: { kind: 'DataSource', name: source.name, namespace: source.namespace ?? namespace },
      };
    case 'clone':
      return { source: { pvc: { name: source.claim, namespace: source.namespace ?? namespace } } };
    case 'blank':
    case 'containerDisk':
    case 'claim':
    case 'empty':
      return { source: { blank: {} } };
  }
}

function claimOf(disk: Disk, vm: string, namespace: string): KubeObject {
  const { size, storageClassName = '', accessMode = 'ReadWriteOnce', volumeMode } = disk.wish;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: claimName(vm, disk), namespace },
    spec: {
      accessModes: [accessMode],
      ...(volumeMode && { volumeMode }),
      ...(storageClassName !== '' && { storageClassName }),
      resources: { requests: { storage: size } },
    },
  };
}

function premisesOf(disk: Disk, vm: string, around: Surroundings): Premise[] {
  const { namespace } = around;
  const { source, field, wish } = disk;
  const at = `${field}.source`;
  const found: Premise[] = [];
  if ('secret' in source && source.secret !== undefined)
    found.push({ field: `${at}.secret`, gvr: SECRETS, name: source.secret, namespace, must: 'exist' });
  if (source.type === 'claim')
    found.push({ field: `${at}.claim`, gvr: CLAIMS, name: source.claim, namespace, must: 'exist' });
  if (source.type === 'clone')
    found.push({
      field: `${at}.claim`,
      gvr: CLAIMS,
      name: source.claim,
      namespace: source.namespace ?? namespace,
      must: 'exist',
    });
  if (source.type === 'dataSource')
    found.push({
      field: `${at}.name`,
      gvr: DATA_SOURCES,
      name: source.name,
      namespace: source.namespace ?? namespace,
      must: 'exist',
    });
  if (wish.storageClassName !== undefined && wish.storageClassName !== '')
    found.push({
      field: `${field}.storageClassName`,
      gvr: STORAGE_CLASSES,
      name: wish.storageClassName,
      must: 'exist',
    });
  if (!isImported(disk, around)) return found;
  const name = claimName(vm, disk);
  for (const gvr of [DATA_VOLUMES, CLAIMS])
    found.push({ field: `${field}.name`, gvr, name, namespace, must: 'be-new' });
  return found;
}
