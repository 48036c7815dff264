import { formatCount } from '@krateyard/ui/words/format-time';

/** What snapshots and restores say. */
export const snapshotStrings = {
  take: 'Take a snapshot',
  takeOf: (name: string): string => `Take a snapshot of ${name}`,
  takeVerb: 'Take it',
  name: 'Name',
  nameHint: 'Lower case letters, digits and dashes.',
  nameBad: 'Lower case letters, digits and dashes only; it begins and ends with a letter or digit.',
  nameTaken: (name: string): string => `There is “${name}” already.`,
  online: 'It runs: the snapshot holds its disks as they are at this moment, not its memory.',
  agent:
    'With a guest agent the file systems are held still for the moment; without one it is as after a power cut.',
  offline: 'It is off: the snapshot holds its disks whole.',
  noClaims:
    'None of its disks is on a volume: container disks begin anew at each start. The snapshot holds its settings only.',
  asked: (name: string): string => `Snapshot ${name}: asked for.`,

  line: 'Snapshots and restores, newest first',
  darkTitle: 'No snapshots here',
  dark: 'Snapshots need KubeVirt’s snapshot kinds, a storage class that can take them, and the right to list them. The machine works without.',
  emptyTitle: 'No snapshots yet',
  empty:
    'A snapshot holds the machine’s settings and disks at one moment; the machine can be put back to it, or made anew from it under another name.',
  statuses: {
    Pending: 'Pending',
    InProgress: 'Being taken',
    Succeeded: 'Ready',
    Failed: 'Failed',
    Deleting: 'Being deleted',
  } as Readonly<Record<string, string>>,
  indications: {
    Online: 'taken while it ran',
    GuestAgent: 'file systems were held still',
    NoGuestAgent: 'no guest agent: as after a power cut',
    QuiesceTimeout: 'file systems could not be held still in time',
    QuiesceFailed: 'file systems could not be held still',
    Paused: 'taken while it was paused',
  } as Readonly<Record<string, string>>,
  size: (size: string): string => `${size} of disks`,
  volumes: (names: readonly string[]): string =>
    `${names.length === 1 ? 'Disk' : 'Disks'} ${names.join(', ')}`,
  noVolumes: 'Settings only, no disks',
  without: (names: readonly string[]): string => `without ${names.join(', ')}`,

  restore: 'Restore',
  remove: 'Delete',
  notReady: 'It is not ready.',
  restoreTitle: (snapshot: string): string => `Restore ${snapshot}`,
  where: 'Where to',
  same: (name: string): string => `Into ${name}`,
  another: 'Under a new name',
  newName: 'Name of the new machine',
  stopsFirst: (name: string): string => `${name} is on: it is stopped first, and stays off afterwards.`,
  isOff: (name: string): string => `${name} is off, and stays off afterwards.`,
  goesBack: (when: string): string =>
    `Its settings and disks go back to how they were at ${when}. What was written since then is lost for good.`,
  onlyIn: (names: readonly string[]): string =>
    `Disks that are not in it stay as they are: ${names.join(', ')}.`,
  snapshotFirst: 'Take a snapshot first if what it holds now may be wanted again.',
  made: 'A new machine is made, with disks of its own. It gets new MAC addresses and firmware ids, and is off at first.',
  stays: (name: string): string => `${name} stays as it is.`,
  wukong: (name: string): string =>
    `${name} belongs to a Wukong, whose operator would undo it: it can only be restored under a new name.`,

  restoredInto: (name: string): string => `Restored into ${name}`,
  restoring: (name: string): string => `Being restored into ${name}`,
  from: (snapshot: string): string => `from ${snapshot}`,
  underWay: 'Being restored',
  steps: (done: number, all: number): string => `${formatCount(done)} of ${formatCount(all)} steps`,

  removeTitle: (name: string): string => `Delete snapshot ${name}`,
  removeEffects: [
    'What it holds goes with it, and the machine cannot be put back to it any more.',
    'The machine itself, and machines that were restored from it, stay as they are.',
  ],
  removed: (name: string): string => `Snapshot ${name}: deleted.`,
} as const;
