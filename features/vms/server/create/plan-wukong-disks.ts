import type { DiskWish, VmCreateRequest } from '../../contract/vm-create.ts';
import { CLAIMS } from '../machine-types.ts';
import type { Premise, Surroundings } from './machine-maker.ts';
import { bareImage, checkDisks, DATA_VOLUMES, disksOf, STORAGE_CLASSES, type Disk } from './plan-disks.ts';
import type { Problems } from './problems.ts';

export interface PlannedWukongDisks {
  /** Its container disk; undefined where it boots from a claim. */
  readonly osImage: string | undefined;
  readonly disks: readonly WukongDisk[];
  /** The request's index of each of `disks`. */
  readonly origins: readonly number[];
  readonly premises: readonly Premise[];
}

export interface WukongDisk {
  readonly name: string;
  readonly size: string;
  readonly storageClassName: string;
  readonly boot: boolean;
  readonly image?: string;
}

const FILLED = new Set(['http', 'registry', 'blank', 'containerDisk']);
/** What a Wukong's disks are, whatever is asked for. */
const FIXED: Readonly<Partial<Record<keyof DiskWish, string>>> = {
  device: 'disk',
  bus: 'virtio',
  accessMode: 'ReadWriteOnce',
  volumeMode: 'Filesystem',
};

/** Disks as a Wukong has them: claims that its operator makes and fills, and at most one container disk, to boot from. */
export function planWukongDisks(
  request: VmCreateRequest,
  around: Surroundings,
  problems: Problems,
): PlannedWukongDisks {
  const all = disksOf(request, problems);
  checkDisks(all, around, problems);
  for (const [index, disk] of all.entries()) checkDisk(disk, index === 0, problems);
  const root = all.find(({ source }) => source.type === 'containerDisk');
  const booting = root ?? all.find(({ wish }) => wish.boot) ?? all[0];
  const claimed = all.flatMap((disk, origin) => (disk === root ? [] : [{ disk, origin }]));
  return {
    osImage: root?.source.type === 'containerDisk' ? bareImage(root.source.image) : undefined,
    disks: claimed.map(({ disk }) => wukongDisk(disk, disk === booting)),
    origins: claimed.map(({ origin }) => origin),
    premises: claimed.flatMap(({ disk }) => premisesOf(disk, request.name, around.namespace)),
  };
}

function checkDisk({ wish, source, field }: Disk, first: boolean, problems: Problems): void {
  if (!FILLED.has(source.type))
    problems.add(
      `${field}.source.type`,
      "a Wukong's disk is filled from an image, or empty and kept",
      'FieldValueForbidden',
    );
  if ('secret' in source && source.secret !== undefined)
    problems.add(`${field}.source.secret`, 'a Wukong has no Secret for an image', 'FieldValueForbidden');
  for (const [key, value] of Object.entries(FIXED))
    if (wish[key as keyof DiskWish] !== undefined && wish[key as keyof DiskWish] !== value)
      problems.add(`${field}.${key}`, `a Wukong's disks are ${value}`, 'FieldValueForbidden');
  if (source.type === 'containerDisk' && !first)
    problems.add(
      `${field}.source.type`,
      'a Wukong has one container disk, the first, and boots from it',
      'FieldValueForbidden',
    );
  if (source.type !== 'containerDisk' && (wish.storageClassName ?? '') === '')
    problems.add(`${field}.storageClassName`, 'which one? A Wukong has no default', 'FieldValueRequired');
}

function wukongDisk({ wish, source }: Disk, boot: boolean): WukongDisk {
  const image =
    source.type === 'http' ? source.url : source.type === 'registry' ? bareImage(source.image) : undefined;
  return {
    name: wish.name,
    size: wish.size ?? '',
    storageClassName: wish.storageClassName ?? '',
    boot,
    ...(image !== undefined && { image }),
  };
}

function premisesOf({ wish, source, field }: Disk, wukong: string, namespace: string): Premise[] {
  const { name, storageClassName = '' } = wish;
  const claim = `${wukong}-${name}`;
  const kept = source.type === 'blank' ? [CLAIMS] : [DATA_VOLUMES, CLAIMS];
  return [
    {
      field: `${field}.storageClassName`,
      gvr: STORAGE_CLASSES,
      name: storageClassName,
      must: 'exist' as const,
    },
    ...kept.map((gvr) => ({
      field: `${field}.name`,
      gvr,
      name: claim,
      namespace,
      must: 'be-new' as const,
    })),
  ];
}
