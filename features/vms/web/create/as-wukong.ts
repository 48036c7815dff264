import type { CreateForm, DiskForm, SourceType } from './create-form.ts';

/** What a Wukong's disk can be filled with. */
export const WUKONG_SOURCES: readonly SourceType[] = ['containerDisk', 'registry', 'http', 'blank'];

/** What of the form has no place in a Wukong is put back; its fields are not shown then. */
export function asWukong(form: CreateForm): Partial<CreateForm> {
  const { runStrategy, start, users, disks, networks } = form;
  const parts = start === 'parts';
  return {
    owner: 'wukong',
    runStrategy: runStrategy === 'Once' ? 'Always' : runStrategy,
    sizing: 'own',
    instancetype: '',
    preference: '',
    firmware: '',
    disks: disks.map(wukongDisk),
    networks: networks.map((network) => ({ ...network, model: '', macAddress: '' })),
    start: parts ? 'parts' : 'none',
    users: users.slice(0, 1).map((user) => ({ ...user, password: '' })),
    hostname: '',
    packages: '',
    commands: '',
    networkData: '',
    userDataSecret: '',
    sshKeySecrets: '',
    hostDevices: [],
    nodes: '',
    apartFrom: '',
    apartRequired: false,
  };
}

function wukongDisk(disk: DiskForm): DiskForm {
  const known = WUKONG_SOURCES.includes(disk.source);
  return {
    ...disk,
    ...(!known && { source: 'blank' as const, from: '' }),
    secret: '',
    device: 'disk',
    bus: '',
  };
}
