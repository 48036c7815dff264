import { Type, type Static } from 'typebox';
import { Task } from '@krateyard/tasks/task';

const Text = Type.String();

/** An interface of a machine. `source`: who told the address (`guest-agent`, `domain`, …, as KubeVirt's `infoSource`); '' when there is none. */
export const VmNetwork = Type.Object({
  name: Text,
  interface: Text,
  ipAddress: Text,
  ipAddresses: Type.Array(Text),
  macAddress: Text,
  mode: Type.String({ description: 'masquerade, bridge, sriov, …; of a Wukong: dhcp or static' }),
  source: Text,
});
export type VmNetwork = Static<typeof VmNetwork>;

export const VmDisk = Type.Object({
  name: Text,
  size: Type.String({ description: "The claim's size; '' where the volume has none." }),
  storageClassName: Text,
  boot: Type.Boolean(),
  image: Type.Optional(Text),
  claim: Type.Optional(Text),
  /** Of what fills it (ImportScheduled, ImportInProgress, Succeeded, …), else of its claim (Bound, Pending, Lost). */
  phase: Type.Optional(Text),
  progress: Type.Optional(Type.String({ description: '"42.7%", while it is being filled' })),
});
export type VmDisk = Static<typeof VmDisk>;

export const VmGpu = Type.Object({ name: Text, deviceName: Text });

/** What a machine uses, of its launcher pod: percent of what it has (0 to 100), as the seed has it, and as it is. */
export const VmUsage = Type.Object({
  cpuUsage: Type.Integer(),
  memoryUsage: Type.Integer(),
  diskUsage: Type.Optional(Type.Integer()),
  cpuCores: Type.Number(),
  memoryBytes: Type.Integer({ description: 'Rounded to MiB' }),
});
export type VmUsage = Static<typeof VmUsage>;

/**
 * A virtual machine: what is wanted, what runs, and who owns it, in one. The seed's fields first; a time is in milliseconds since
 * the epoch, as the seed has it.
 */
export const VmInfo = Type.Object({
  id: Type.String({ description: 'uid' }),
  name: Text,
  namespace: Text,
  status: Type.String({
    description: "KubeVirt's printable status: Running, Stopped, Starting, ErrorUnschedulable, …",
  }),
  cpu: Type.Integer({ description: 'CPUs of the guest; 0 where an instance type decides' }),
  memory: Type.String({ description: "A quantity; '' where an instance type decides" }),
  nodeName: Text,
  ipAddress: Text,
  osImage: Text,
  createdAt: Type.Integer(),
  hasGpu: Type.Boolean(),
  networks: Type.Array(VmNetwork),
  disks: Type.Array(VmDisk),
  gpus: Type.Array(VmGpu),
  /** Absent while it is off, where it is not measured, and for who may not list the usage of its pod. */
  metrics: Type.Optional(VmUsage),
  // What the seed has not.
  ready: Type.Boolean(),
  /** Why it is not as it should be, in words; '' when it is. */
  reason: Text,
  runStrategy: Text,
  phase: Type.String({ description: "The instance's; '' without one" }),
  startedAt: Type.Optional(Type.Integer()),
  pod: Type.Optional(Text),
  instancetype: Type.Optional(Text),
  paused: Type.Boolean(),
  migratable: Type.Boolean(),
  snapshotInProgress: Type.Optional(Text),
  restoreInProgress: Type.Optional(Text),
  /** It runs as it was before it was changed, until it is restarted: why, in words of KubeVirt. */
  restartRequired: Type.Optional(Text),
  /** The Wukong that owns it: actions go through that. */
  wukong: Type.Optional(Text),
  wukongPhase: Type.Optional(Text),
  /** Its Wukong wants it on. */
  autoStart: Type.Optional(Type.Boolean()),
  labels: Type.Record(Text, Text),
});
export type VmInfo = Static<typeof VmInfo>;

export const VmStats = Type.Object({
  total: Type.Integer(),
  running: Type.Integer(),
  stopped: Type.Integer(),
  error: Type.Integer(),
  pending: Type.Integer(),
  totalCpu: Type.Integer(),
  totalMemory: Type.String({ description: '"12Gi": the guests’ memory, rounded up' }),
});
export type VmStats = Static<typeof VmStats>;

export const VM_ACTIONS = [
  'start',
  'stop',
  'restart',
  'pause',
  'unpause',
  'reset',
  'migrate',
  'delete',
] as const;
export type VmAction = (typeof VM_ACTIONS)[number];

/** Body of `POST /api/vms/{name}/action`. */
export const VmActionRequest = Type.Object({
  action: Type.Unsafe<VmAction>(Type.String({ enum: [...VM_ACTIONS] })),
});
export type VmActionRequest = Static<typeof VmActionRequest>;

/** Its answer, 202: asked for, not done yet; the task tells. */
export const VmActionAccepted = Type.Object({ success: Type.Literal(true), message: Text, task: Task });
export type VmActionAccepted = Static<typeof VmActionAccepted>;

/** Query of lists: a namespace, several with commas, or `*` for all that one may see; absent: the gateway's own. */
export const NamespaceQuery = Type.Object({
  namespace: Type.Optional(Type.String({ maxLength: 4096 })),
});
export type NamespaceQuery = Static<typeof NamespaceQuery>;

export const VmListQuery = Type.Object({
  ...NamespaceQuery.properties,
  search: Type.Optional(
    Type.String({
      maxLength: 256,
      description: 'Words that must all stand in name, namespace, node, address or status.',
    }),
  ),
  status: Type.Optional(Type.String({ maxLength: 256, description: 'Statuses, comma separated.' })),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
});
export type VmListQuery = Static<typeof VmListQuery>;

/** A snapshot of a machine. `size` is that of the volumes in it; '' while that is not known. */
export const SnapshotInfo = Type.Object({
  id: Text,
  name: Text,
  namespace: Text,
  wukongId: Type.String({
    description: "As the seed: the machine's name, of a Wukong's machine the Wukong's",
  }),
  wukongName: Text,
  /** The machine that it was taken of. */
  vmName: Type.Optional(Text),
  /** The Wukong that owns the machine, where its operator took the snapshot. */
  wukong: Type.Optional(Text),
  status: Type.String({ description: 'Pending, InProgress, Succeeded, Failed, Deleting' }),
  size: Text,
  createdAt: Type.Integer(),
  ready: Type.Boolean(),
  indications: Type.Array(Type.Object({ indication: Text, message: Text })),
  includedVolumes: Type.Array(Text),
  excludedVolumes: Type.Array(Text),
  reason: Text,
});
export type SnapshotInfo = Static<typeof SnapshotInfo>;

/** Body of `POST /api/snapshots`. `wukongName`: the machine, as the seed calls it; `vmName` says the same. */
export const SnapshotRequest = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 253 }),
  wukongName: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  vmName: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
});
export type SnapshotRequest = Static<typeof SnapshotRequest>;

/**
 * Body of `POST /api/snapshots/{name}/restore`. Without a name: into the machine that it was taken of, which is stopped first; of a
 * Wukong's machine, into which its operator would not let it, as `<wukong>-restored`.
 */
export const RestoreRequest = Type.Object({
  newVmName: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
});
export type RestoreRequest = Static<typeof RestoreRequest>;

export const RestoreInfo = Type.Object({
  id: Text,
  name: Text,
  namespace: Text,
  snapshotName: Text,
  vmName: Text,
  complete: Type.Boolean(),
  reason: Type.String({ description: 'What it does or why it waits, in words of KubeVirt' }),
  createdAt: Type.Integer(),
  restoredAt: Type.Optional(Type.Integer()),
});
export type RestoreInfo = Static<typeof RestoreInfo>;
