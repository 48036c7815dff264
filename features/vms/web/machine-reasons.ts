/** What a reason of KubeVirt's means, and what to do about it. */
export interface Meaning {
  /** A few words, for a cell. */
  readonly short: string;
  /** One sentence. */
  readonly says: string;
  /** What one can do; '' where waiting is all. */
  readonly todo: string;
}

const meaning = (short: string, says: string, todo = ''): Meaning => ({ short, says, todo });

const noNode = meaning(
  'no node fits',
  'No node has room for it, or none fulfils what it asks for.',
  'Ask for less CPU or memory, loosen its node selector or affinity, or give the cluster a node that fits. The scheduler tries again by itself.',
);
const noImage = meaning(
  'image not fetched',
  'The node cannot fetch the image of one of its disks.',
  'Check the image’s name and tag, whether the registry can be reached, and the pull secret. It is tried again by itself.',
);
const noClaim = meaning(
  'disk missing',
  'A volume claim that it names does not exist.',
  'Create the claim, or take the disk out of the machine. It starts by itself when the claim is there.',
);
const noData = meaning(
  'disk not filled',
  'A disk could not be filled from its source.',
  'Look at the DataVolume and its importer pod: the source’s address, credentials and certificate, and whether the claim is large enough.',
);

/** By the status that KubeVirt prints. What is well is not here. */
export const STATUS_MEANINGS: Readonly<Record<string, Meaning>> = {
  Provisioning: meaning('disks are made', 'Its disks are being made and filled.'),
  Starting: meaning('starting', 'It is on its way: scheduled, or being started on its node.'),
  Stopping: meaning('stopping', 'The guest was told to power off; after its grace period it is cut off.'),
  Terminating: meaning('being deleted', 'It is being deleted.'),
  Migrating: meaning('migrating', 'It is moving to another node while it runs.'),
  Paused: meaning('paused', 'Its processors stand still; memory and addresses are kept.', 'Resume it.'),
  WaitingForVolumeBinding: meaning(
    'waits for a volume',
    'A claim is not bound to a volume yet.',
    'Look at the claim: its storage class may have no provisioner, or no volume of that size may be left.',
  ),
  WaitingForReceiver: meaning(
    'waits for a migration',
    'It waits to receive a machine that migrates here from another cluster.',
  ),
  CrashLoopBackOff: meaning(
    'ends again and again',
    'It ends right after each start; KubeVirt waits longer before every next try.',
    'Open its launcher pod’s logs and its events. Stop it to end the tries, mend it, start it.',
  ),
  Unknown: meaning(
    'node does not answer',
    'Nobody knows how it is: its node has not been heard of.',
    'Look at the node. A machine on a node that is gone for good starts elsewhere once the node is deleted.',
  ),
  ErrorUnschedulable: noNode,
  ErrImagePull: noImage,
  ImagePullBackOff: noImage,
  ErrorPvcNotFound: noClaim,
  DataVolumeError: noData,
};

/** By the reason of a condition, of machine, instance or launcher pod. */
export const REASON_MEANINGS: Readonly<Record<string, Meaning>> = {
  Unschedulable: noNode,
  SchedulingGated: meaning('held back', 'It is held back by a scheduling gate.'),
  ErrImagePull: noImage,
  ImagePullBackOff: noImage,
  FailedPvcNotFound: noClaim,
  FailedDataVolumeImport: noData,
  FailedDataVolumeCreate: meaning(
    'disk not made',
    'A DataVolume that it needs could not be created.',
    'The message says what the API server refused: quota, a wrong field, or a missing storage class.',
  ),
  UnauthorizedDataVolumeCreate: meaning(
    'disk not allowed',
    'Its service account may not clone the source of a disk.',
    'Allow it to use the source: a role binding in the source’s namespace.',
  ),
  NotAllDVsReady: meaning('disks not ready', 'Not all of its disks have been filled yet.'),
  PVCNotReady: meaning('claim not ready', 'A volume claim is not bound yet.'),
  FailedCreate: meaning(
    'not created',
    'What would run it could not be created.',
    'The message says what the API server refused: most often a quota or a policy.',
  ),
  FailedGuaranteeResources: meaning(
    'resources not set',
    'Its launcher pod does not have the resources that a machine with dedicated CPUs needs.',
  ),
  FailedBackendStorageCreate: meaning(
    'no state storage',
    'The claim for its TPM or EFI state could not be created.',
    'Set a storage class for machine state in the KubeVirt object.',
  ),
  BackendStorageNotReady: meaning('no state storage', 'The claim for its TPM or EFI state is not ready.'),
  FailedHandOver: meaning('not handed over', 'Its node did not take it over from the controller.'),
  FailedHotplugSync: meaning('disk not attached', 'A disk could not be attached while it runs.'),
  MissingAttachmentPod: meaning(
    'disk not attached',
    'The pod that attaches a disk while it runs is missing.',
  ),
  GuestNotRunning: meaning('guest not up', 'Its launcher runs, but the guest does not yet.'),
  PodNotExists: meaning('no launcher', 'There is no launcher pod for it.'),
  PodTerminating: meaning('launcher ends', 'Its launcher pod is being ended.'),
  PodConditionMissing: meaning('launcher begins', 'Its launcher pod has not said yet how it is.'),
  VMINotExists: meaning('off', 'It is off: there is no instance of it.'),
  ContainersNotReady: meaning('not ready', 'Its launcher pod’s containers are not ready.'),
  PausedByUser: meaning('paused', 'Somebody paused it.', 'Resume it.'),
  PausedIOError: meaning(
    'paused: disk failed',
    'It was paused because a disk failed or is full.',
    'Look at the storage and give the disk room; it goes on by itself when the disk answers.',
  ),
  EvictionRequested: meaning('must move', 'Its node is being emptied: it moves to another one.'),
  Evicted: meaning('evicted', 'It was evicted from its node, which ran short of something.'),
  FailedMigration: meaning('migration failed', 'The last move to another node failed; it runs where it was.'),
  MigrationBackoff: meaning(
    'migration waits',
    'Moves failed before; KubeVirt waits before it tries the next one.',
  ),
  DisksNotLiveMigratable: meaning(
    'disks stay',
    'It cannot move while it runs: a disk can be used on one node only.',
    'Use claims that can be shared (ReadWriteMany).',
  ),
  InterfaceNotLiveMigratable: meaning(
    'network stays',
    'It cannot move while it runs: the pod network is bridged to it.',
    'Use masquerade for the pod network.',
  ),
  HotplugNotLiveMigratable: meaning('disks stay', 'It cannot move while it runs: an attached disk cannot.'),
  HostDeviceNotLiveMigratable: meaning(
    'device stays',
    'It cannot move while it runs: it uses a device of its node.',
  ),
  VirtIOFSNotLiveMigratable: meaning(
    'file system stays',
    'It cannot move while it runs: it shares a file system of its node.',
  ),
  CPUModeLiveMigratable: meaning(
    'CPU stays',
    'It cannot move while it runs: its CPU model exists on this node only.',
  ),
};

/** Conditions that are bad when they are true; all other known ones are bad when false. */
export const BAD_WHEN_TRUE: ReadonlySet<string> = new Set([
  'Failure',
  'Paused',
  'RestartRequired',
  'ManualRecoveryRequired',
  'AgentVersionNotSupported',
  'MigrationRequired',
  'EvictionRequested',
]);

/** Conditions whose absence or falsehood is no trouble by itself. */
export const HARMLESS: ReadonlySet<string> = new Set([
  'AgentConnected',
  'LiveMigratable',
  'StorageLiveMigratable',
  'AccessCredentialsSynchronized',
  'Initialized',
  'VolumesChange',
  'HotVCPUChange',
  'HotMemoryChange',
  'Provisioning',
]);
