/**
 * Making and changing machines: `POST /api/vms`, `PATCH /api/vms/{name}`, `GET /api/vms/{name}/edit`, `GET /api/vm-options`. The
 * rules stand in SPEC.md (VC…). A refusal is a Status whose `details.causes[].field` is the path in the request's body, with
 * dots: `disks.0.size`, `cloudInit.users.1.name`.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { StatusSchema } from '@krateyard/status/status-schema';
import { Task } from '@krateyard/tasks/task';
import { VmInfo } from './vm-api.ts';

const Strict = { additionalProperties: false } as const;
const oneOf = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>(
    Type.String({ enum: [...values], ...(description !== undefined && { description }) }),
  );
const Optional = <T extends TSchema>(schema: T) => Type.Optional(schema);

// No least lengths: an empty text is told by the maker, with all else that is wrong.
const Name = Type.String({ maxLength: 253 });
/** Names of disks, networks and devices inside of a machine. */
const PartName = Type.String({ maxLength: 63 });
const Quantity = Type.String({ maxLength: 32, description: 'A quantity: 2Gi, 512Mi' });
const Labels = Type.Record(Type.String(), Type.String({ maxLength: 4096 }));

export const RUN_STRATEGIES = ['Always', 'RerunOnFailure', 'Manual', 'Halted', 'Once'] as const;
export type RunStrategy = (typeof RUN_STRATEGIES)[number];
export const RunStrategySchema = oneOf(RUN_STRATEGIES);

export const MAX_CPU = 64;
/** KubeVirt takes so much of cloud-init's texts within a machine; what is longer goes into a Secret. */
export const MAX_INLINE_BYTES = 2048;
/** What a Secret of ours holds at most of one text: the API server takes 1 MiB of all. */
export const MAX_CLOUD_INIT_BYTES = 512 * 1024;

/** Where instance types and preferences live: for all namespaces, or in the machine's own. */
export const SCOPES = ['cluster', 'namespace'] as const;
export const TypeReference = Type.Object(
  { name: Name, scope: Optional(oneOf(SCOPES, 'Absent: cluster')) },
  Strict,
);
export type TypeReference = Static<typeof TypeReference>;

/**
 * Where a disk's bytes come from. `containerDisk`: an image that is there at each start anew, what is written is lost; `http`,
 * `registry`, `dataSource` and `clone`: copied once into a claim of its own (needs CDI); `claim`: one that is there; `blank`: a new
 * empty claim; `empty`: an empty disk that is lost at each stop.
 */
export const DiskSource = Type.Union([
  Type.Object(
    {
      type: Type.Literal('containerDisk'),
      image: Type.String({ maxLength: 2048 }),
      pullPolicy: Optional(oneOf(['Always', 'IfNotPresent', 'Never'])),
    },
    Strict,
  ),
  Type.Object(
    {
      type: Type.Literal('http'),
      url: Type.String({ maxLength: 2048 }),
      secret: Optional(Name),
    },
    Strict,
  ),
  Type.Object(
    {
      type: Type.Literal('registry'),
      image: Type.String({ maxLength: 2048 }),
      secret: Optional(Name),
      pullMethod: Optional(oneOf(['pod', 'node'])),
    },
    Strict,
  ),
  Type.Object({ type: Type.Literal('dataSource'), name: Name, namespace: Optional(Name) }, Strict),
  Type.Object({ type: Type.Literal('clone'), claim: Name, namespace: Optional(Name) }, Strict),
  Type.Object({ type: Type.Literal('claim'), claim: Name }, Strict),
  Type.Object({ type: Type.Literal('blank') }, Strict),
  Type.Object({ type: Type.Literal('empty') }, Strict),
]);
export type DiskSource = Static<typeof DiskSource>;

export const DISK_BUSES = ['virtio', 'sata', 'scsi', 'usb'] as const;
export const DISK_DEVICES = ['disk', 'cdrom', 'lun'] as const;

/**
 * A disk. The seed's fields first: `image` is short for a source (`http(s)://…`: http; else a container image: registry where a
 * size is given, containerDisk without one); neither: `osImage` for the boot disk, blank for others.
 */
export const DiskWish = Type.Object(
  {
    name: PartName,
    size: Optional(Quantity),
    storageClassName: Optional(Type.String({ maxLength: 253 })),
    boot: Optional(Type.Boolean({ description: 'Tried first. Absent everywhere: the first disk.' })),
    image: Optional(Type.String({ maxLength: 2048 })),
    source: Optional(DiskSource),
    device: Optional(oneOf(DISK_DEVICES)),
    bus: Optional(oneOf(DISK_BUSES)),
    accessMode: Optional(oneOf(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'])),
    volumeMode: Optional(oneOf(['Filesystem', 'Block'])),
  },
  Strict,
);
export type DiskWish = Static<typeof DiskWish>;

export const NETWORK_BINDINGS = ['masquerade', 'bridge', 'sriov'] as const;
export const NETWORK_MODELS = ['virtio', 'e1000e', 'e1000', 'rtl8139', 'ne2k_pci', 'pcnet'] as const;

/** A fixed address goes into cloud-init's network data, for the interface that has the MAC. */
export const IpConfig = Type.Object(
  {
    mode: Optional(oneOf(['dhcp', 'static'])),
    address: Optional(Type.String({ maxLength: 64, description: 'With its prefix: 192.0.2.10/24' })),
    gateway: Optional(Type.String({ maxLength: 64 })),
    dnsServers: Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 8 })),
  },
  Strict,
);
export type IpConfig = Static<typeof IpConfig>;

/** Without `nadName`: the pod's own network. The last four are for a Wukong's operator, which makes networks itself. */
export const NetworkWish = Type.Object(
  {
    name: PartName,
    nadName: Optional(
      Type.String({ maxLength: 507, description: 'A NetworkAttachmentDefinition: name, or namespace/name' }),
    ),
    binding: Optional(oneOf(NETWORK_BINDINGS)),
    model: Optional(oneOf(NETWORK_MODELS)),
    macAddress: Optional(Type.String({ maxLength: 32 })),
    ipConfig: Optional(IpConfig),
    primary: Optional(Type.Boolean()),
    type: Optional(oneOf(['bridge', 'macvlan', 'sriov', 'ovs'], "The seed's")),
    vlanId: Optional(Type.Integer({ minimum: 1, maximum: 4094 })),
    bridgeName: Optional(Type.String({ maxLength: 63 })),
    physicalInterface: Optional(Type.String({ maxLength: 63 })),
  },
  Strict,
);
export type NetworkWish = Static<typeof NetworkWish>;

export const CloudUser = Type.Object(
  {
    name: Type.String({ maxLength: 32 }),
    sshKeys: Optional(Type.Array(Type.String({ minLength: 1, maxLength: 16_384 }), { maxItems: 64 })),
    password: Optional(
      Type.String({ minLength: 1, maxLength: 256, description: 'Goes into a Secret that the machine owns' }),
    ),
    passwordHash: Optional(
      Type.String({ minLength: 1, maxLength: 512, description: 'As crypt(3) writes it' }),
    ),
    sudo: Optional(Type.String({ maxLength: 256, description: 'A rule: ALL=(ALL) ALL. Absent: none.' })),
    shell: Optional(Type.String({ maxLength: 256 })),
    groups: Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 32 })),
  },
  Strict,
);
export type CloudUser = Static<typeof CloudUser>;

/** Of what the guest does at its first start. Either `userData` as the caller wrote it, or a Secret, or the parts that make it. */
export const CloudInit = Type.Object(
  {
    type: Optional(oneOf(['noCloud', 'configDrive'])),
    hostname: Optional(Type.String({ minLength: 1, maxLength: 63 })),
    users: Optional(Type.Array(CloudUser, { maxItems: 32 })),
    packages: Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 256 })),
    commands: Optional(Type.Array(Type.String({ minLength: 1, maxLength: 16_384 }), { maxItems: 256 })),
    userData: Optional(Type.String({ minLength: 1 })),
    /** Name of a Secret with the key `userdata`. */
    userDataSecret: Optional(Name),
    networkData: Optional(Type.String({ minLength: 1 })),
    /** Name of a Secret with the key `networkdata`. */
    networkDataSecret: Optional(Name),
    /** Secrets whose values are public keys: KubeVirt gives them to the guest. */
    sshKeySecrets: Optional(Type.Array(Name, { maxItems: 16 })),
    /** A Secret whose keys are users and whose values are their passwords; set by the guest agent. */
    passwordSecret: Optional(Name),
  },
  Strict,
);
export type CloudInit = Static<typeof CloudInit>;

export const DeviceWish = Type.Object(
  { name: PartName, deviceName: Type.String({ maxLength: 317 }) },
  Strict,
);
export type DeviceWish = Static<typeof DeviceWish>;

export const Toleration = Type.Object(
  {
    key: Optional(Type.String({ maxLength: 317 })),
    operator: Optional(oneOf(['Exists', 'Equal'])),
    value: Optional(Type.String({ maxLength: 63 })),
    effect: Optional(oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
    tolerationSeconds: Optional(Type.Integer({ minimum: 0 })),
  },
  Strict,
);

/** Where it may run. `nodes`: only on these. `apartFrom`: not on a node that runs a machine with these labels. */
export const Placement = Type.Object(
  {
    nodeSelector: Optional(Labels),
    tolerations: Optional(Type.Array(Toleration, { maxItems: 32 })),
    nodes: Optional(Type.Array(Name, { maxItems: 64 })),
    apartFrom: Optional(
      Type.Object(
        {
          labels: Labels,
          required: Optional(Type.Boolean({ description: 'Absent: as well as it can be done' })),
        },
        Strict,
      ),
    ),
  },
  Strict,
);
export type Placement = Static<typeof Placement>;

/** Body of `POST /api/vms`. The seed's: name, cpu, memory, osImage, networks, disks, gpus. */
export const VmCreateRequest = Type.Object(
  {
    name: Name,
    cpu: Optional(Type.Integer({ minimum: 1, maximum: MAX_CPU })),
    memory: Optional(Quantity),
    osImage: Optional(Type.String({ maxLength: 2048 })),
    networks: Optional(Type.Array(NetworkWish, { maxItems: 32 })),
    disks: Optional(Type.Array(DiskWish, { maxItems: 64 })),
    gpus: Optional(Type.Array(DeviceWish, { maxItems: 16 })),
    hostDevices: Optional(Type.Array(DeviceWish, { maxItems: 16 })),
    instancetype: Optional(TypeReference),
    preference: Optional(TypeReference),
    runStrategy: Optional(oneOf(RUN_STRATEGIES, 'Absent: Always, as the seed starts what it makes')),
    firmware: Optional(oneOf(['bios', 'efi', 'efi-secure'])),
    cloudInit: Optional(CloudInit),
    placement: Optional(Placement),
    labels: Optional(Labels),
    annotations: Optional(Labels),
    /** Who looks after the machine; absent: KubeVirt alone. `wukong`: a Wukong of this name is made, and its operator makes `<name>-vm`. */
    owner: Optional(oneOf(['kubevirt', 'wukong'])),
  },
  Strict,
);
export type VmCreateRequest = Static<typeof VmCreateRequest>;

/** Its answer, 201: the seed's four fields (`id` of what was made, `name` of the machine), and the task that ends when the machine is as its run strategy wants it. */
export const VmCreated = Type.Object({
  success: Type.Literal(true),
  id: Type.String({ description: 'uid' }),
  name: Type.String(),
  message: Type.String(),
  namespace: Type.String(),
  warnings: Type.Array(Type.String()),
  task: Task,
});
export type VmCreated = Static<typeof VmCreated>;

/** One object that would be made. Values of Secrets are not in the YAML. */
export const PlannedObject = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  yaml: Type.String(),
  /** What the API server says to it, asked not to do it; `status` where it says no. */
  accepted: Type.Boolean(),
  status: Type.Optional(StatusSchema),
  warnings: Type.Array(Type.String()),
});
export type PlannedObject = Static<typeof PlannedObject>;

/** What a machine takes of one resource of a ResourceQuota while it runs. Quantities as text. */
export const QuotaEffect = Type.Object({
  quota: Type.String({ description: 'Name of the ResourceQuota' }),
  resource: Type.String(),
  hard: Type.String(),
  used: Type.String(),
  adds: Type.String(),
  left: Type.String({ description: 'After it; negative where it is too much' }),
  exceeded: Type.Boolean(),
});
export type QuotaEffect = Static<typeof QuotaEffect>;

/** Answer of `POST /api/vms?dryRun=true`, 200. */
export const VmDryRun = Type.Object({
  /** Why nothing can be planned: only with `?refusals=inside`, and then there are no objects. */
  refused: Type.Optional(StatusSchema),
  name: Type.String(),
  namespace: Type.String(),
  /** Every object would be made. A quota that would be exceeded does not refuse the machine: it keeps it from starting. */
  accepted: Type.Boolean(),
  objects: Type.Array(PlannedObject),
  quota: Type.Array(QuotaEffect),
  warnings: Type.Array(Type.String()),
});
export type VmDryRun = Static<typeof VmDryRun>;

export const CreateQuery = Type.Object({
  namespace: Optional(Type.String({ maxLength: 4096 })),
  dryRun: Optional(Type.Boolean()),
  refusals: Optional(
    oneOf(
      ['inside'],
      'With dryRun: a request that cannot be is answered with 200 and `refused`, for forms that ask as one types',
    ),
  ),
});
export type CreateQuery = Static<typeof CreateQuery>;

/** Answer of `GET /api/vms/{name}/edit`: what PATCH can change, as it is now. */
export const VmEditable = Type.Object({
  name: Type.String(),
  namespace: Type.String(),
  resourceVersion: Type.String(),
  cpu: Type.Integer({ description: '0 where an instance type decides' }),
  memory: Type.String({ description: "'' where an instance type decides" }),
  runStrategy: RunStrategySchema,
  instancetype: Type.Optional(TypeReference),
  labels: Type.Record(Type.String(), Type.String()),
  running: Type.Boolean({ description: 'There is an instance of it' }),
});
export type VmEditable = Static<typeof VmEditable>;

/** Body of `PATCH /api/vms/{name}`: what is absent stays. A label that is null goes. */
export const VmChangeRequest = Type.Object(
  {
    cpu: Optional(Type.Integer({ minimum: 1, maximum: MAX_CPU })),
    memory: Optional(Quantity),
    runStrategy: Optional(RunStrategySchema),
    labels: Optional(Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 63 }), Type.Null()]))),
    /** That of `GET …/edit`: what has changed since is a Conflict. */
    resourceVersion: Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  { ...Strict, minProperties: 1 },
);
export type VmChangeRequest = Static<typeof VmChangeRequest>;

/** Its answer: 202 with a task where the change starts or stops the machine, 200 otherwise. */
export const VmChanged = Type.Object({
  success: Type.Literal(true),
  message: Type.String(),
  vm: VmInfo,
  resourceVersion: Type.String(),
  /** It runs on as it was until it is restarted. */
  restartRequired: Type.Boolean(),
  /** KubeVirt's words for that; '' without. */
  reason: Type.String(),
  task: Type.Optional(Task),
});
export type VmChanged = Static<typeof VmChanged>;

/** Parts of the options that could not be read: not served, or not for this person. */
export const OPTION_PARTS = [
  'instancetypes',
  'preferences',
  'storageClasses',
  'claims',
  'dataSources',
  'networks',
  'nodes',
  'secrets',
  'images',
] as const;
export type OptionPart = (typeof OPTION_PARTS)[number];

/** Answer of `GET /api/vm-options`: what there is to choose from, as far as the person may list it. */
export const VmOptions = Type.Object({
  namespace: Type.String(),
  cdi: Type.Boolean({ description: 'DataVolumes are served: images can be imported into claims' }),
  multus: Type.Boolean({ description: 'NetworkAttachmentDefinitions are served' }),
  wukong: Type.Boolean({ description: 'Wukongs are served, and the person may make them here' }),
  instancetypes: Type.Array(
    Type.Object({
      name: Type.String(),
      scope: oneOf(SCOPES),
      cpu: Type.Integer(),
      memory: Type.String(),
      gpus: Type.Array(Type.String()),
      description: Type.String(),
    }),
  ),
  preferences: Type.Array(
    Type.Object({ name: Type.String(), scope: oneOf(SCOPES), description: Type.String() }),
  ),
  storageClasses: Type.Array(
    Type.Object({ name: Type.String(), isDefault: Type.Boolean(), provisioner: Type.String() }),
  ),
  claims: Type.Array(
    Type.Object({ name: Type.String(), size: Type.String(), storageClassName: Type.String() }),
  ),
  dataSources: Type.Array(
    Type.Object({ name: Type.String(), namespace: Type.String(), ready: Type.Boolean() }),
  ),
  /** NetworkAttachmentDefinitions; `type` is the CNI plug-in's. */
  networks: Type.Array(Type.Object({ name: Type.String(), namespace: Type.String(), type: Type.String() })),
  /** What nodes offer beside cpu, memory and storage; `count` over all of them. */
  devices: Type.Array(Type.Object({ deviceName: Type.String(), count: Type.Integer() })),
  nodes: Type.Array(
    Type.Object({
      name: Type.String(),
      ready: Type.Boolean(),
      cpu: Type.Number(),
      memory: Type.String(),
      taints: Type.Array(Type.String()),
    }),
  ),
  /** Names only. */
  secrets: Type.Array(Type.String()),
  /** Container disks of machines that the person sees. */
  images: Type.Array(Type.String()),
  missing: Type.Array(Type.Object({ part: oneOf(OPTION_PARTS), reason: Type.String() })),
});
export type VmOptions = Static<typeof VmOptions>;
