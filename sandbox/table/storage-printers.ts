import { objectAt, objectsAt, textAt, textsAt } from '../schema/json-access.ts';
import { ageOf, columnsOf, nameOf, specOf, statusOf, textOr, type Printer } from './printer.ts';

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const accessModes = (modes: readonly string[]): string => {
  const order = Object.keys(MODES);
  return [...new Set(modes)]
    .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((mode) => MODES[mode] ?? mode)
    .join(',');
};

const volume: Printer = {
  columns: columnsOf(
    'Name',
    'Capacity',
    'Access Modes',
    'Reclaim Policy',
    'Status',
    'Claim',
    'StorageClass',
    'VolumeAttributesClass',
    'Reason',
    'Age',
    '+VolumeMode',
  ),
  cells: (object, nowMs) => {
    const [spec, status] = [specOf(object), statusOf(object)];
    const claim = objectAt(spec, 'claimRef');
    return [
      nameOf(object),
      textAt(objectAt(spec, 'capacity'), 'storage') ?? '0',
      accessModes(textsAt(spec, 'accessModes')),
      textAt(spec, 'persistentVolumeReclaimPolicy') ?? '',
      object.metadata.deletionTimestamp === undefined ? (textAt(status, 'phase') ?? '') : 'Terminating',
      claim ? `${textAt(claim, 'namespace') ?? ''}/${textAt(claim, 'name') ?? ''}` : '',
      textAt(spec, 'storageClassName') ?? '',
      textOr(spec, 'volumeAttributesClassName', '<unset>'),
      textAt(status, 'reason') ?? '',
      ageOf(object, nowMs),
      textOr(spec, 'volumeMode', '<unset>'),
    ];
  },
};

const volumeClaim: Printer = {
  columns: columnsOf(
    'Name',
    'Status',
    'Volume',
    'Capacity',
    'Access Modes',
    'StorageClass',
    'VolumeAttributesClass',
    'Age',
    '+VolumeMode',
  ),
  cells: (object, nowMs) => {
    const [spec, status] = [specOf(object), statusOf(object)];
    const bound = textOr(spec, 'volumeName', '') !== '';
    return [
      nameOf(object),
      object.metadata.deletionTimestamp === undefined ? (textAt(status, 'phase') ?? '') : 'Terminating',
      textAt(spec, 'volumeName') ?? '',
      bound ? (textAt(objectAt(status, 'capacity'), 'storage') ?? '0') : '',
      bound ? accessModes(textsAt(status, 'accessModes')) : '',
      textAt(spec, 'storageClassName') ?? '',
      textOr(spec, 'volumeAttributesClassName', '<unset>'),
      ageOf(object, nowMs),
      textOr(spec, 'volumeMode', '<unset>'),
    ];
  },
};

const storageClass: Printer = {
  columns: columnsOf(
    'Name',
    'Provisioner',
    'ReclaimPolicy',
    'VolumeBindingMode',
    'AllowVolumeExpansion',
    'Age',
  ),
  cells: (object, nowMs) => {
    const annotations = object.metadata.annotations ?? {};
    const standard = annotations['storageclass.kubernetes.io/is-default-class'] === 'true';
    return [
      nameOf(object) + (standard ? ' (default)' : ''),
      textAt(object, 'provisioner') ?? '',
      textOr(object, 'reclaimPolicy', 'Delete'),
      textOr(object, 'volumeBindingMode', 'Immediate'),
      object['allowVolumeExpansion'] === true,
      ageOf(object, nowMs),
    ];
  },
};

const volumeAttachment: Printer = {
  columns: columnsOf('Name', 'Attacher', 'PV', 'Node', '?Attached', 'Age'),
  cells: (object, nowMs) => {
    const spec = specOf(object);
    return [
      nameOf(object),
      textAt(spec, 'attacher') ?? '',
      textAt(objectAt(spec, 'source'), 'persistentVolumeName') ?? '',
      textAt(spec, 'nodeName') ?? '',
      statusOf(object)['attached'] === true,
      ageOf(object, nowMs),
    ];
  },
};

const csiDriver: Printer = {
  columns: columnsOf(
    'Name',
    '?AttachRequired',
    '?PodInfoOnMount',
    '?StorageCapacity',
    'TokenRequests',
    '?RequiresRepublish',
    'Modes',
    'Age',
  ),
  cells: (object, nowMs) => {
    const spec = specOf(object);
    return [
      nameOf(object),
      spec['attachRequired'] !== false,
      spec['podInfoOnMount'] === true,
      spec['storageCapacity'] === true,
      objectsAt(spec, 'tokenRequests')
        .map((request) => textAt(request, 'audience') ?? '')
        .join(',') || '<unset>',
      spec['requiresRepublish'] === true,
      textsAt(spec, 'volumeLifecycleModes').join(',') || '<none>',
      ageOf(object, nowMs),
    ];
  },
};

const csiNode: Printer = {
  columns: columnsOf('Name', '#Drivers', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    objectsAt(specOf(object), 'drivers').length,
    ageOf(object, nowMs),
  ],
};

export const STORAGE_PRINTERS: Readonly<Record<string, Printer>> = {
  '/PersistentVolume': volume,
  '/PersistentVolumeClaim': volumeClaim,
  'storage.k8s.io/StorageClass': storageClass,
  'storage.k8s.io/VolumeAttachment': volumeAttachment,
  'storage.k8s.io/CSIDriver': csiDriver,
  'storage.k8s.io/CSINode': csiNode,
};
