/** What snapshots and restores say. */
export const snapshotStrings = {
  take: 'Take a snapshot',
  takeOf: (name: string): string => `Take a snapshot of ${name}`,
  takeVerb: 'Take it',
  name: 'Name',
  nameHint: 'Lower case letters, digits and dashes.',
  nameBad: 'Lower case letters, digits and dashes only; it begins and ends with a letter or digit.',
  nameTaken: 'There is a snapshot of that name already.',
  online: 'It runs: the snapshot holds its disks as they are now, not its memory.',
  agent:
    'With a guest agent its file systems are held still for the moment; without one it is as after a power cut.',
  offline: 'It is off: the snapshot holds its disks whole.',
  noClaims:
    'None of its disks is on a volume: container disks begin anew at each start. The snapshot holds its settings only.',
  asked: (name: string): string => `Snapshot ${name}: asked for.`,
} as const;
