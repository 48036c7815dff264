import {
  emptyForm,
  freeName,
  newNetwork,
  type CreateForm,
  type DiskForm,
  type NetworkForm,
} from './create-form.ts';

/** The parts of a VirtualMachine that the form knows; anything may be missing. */
export interface MachineObject {
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly runStrategy?: string;
    readonly instancetype?: { readonly name?: string; readonly kind?: string };
    readonly preference?: { readonly name?: string; readonly kind?: string };
    readonly template?: {
      readonly spec?: {
        readonly domain?: {
          readonly cpu?: { readonly cores?: number; readonly sockets?: number; readonly threads?: number };
          readonly memory?: { readonly guest?: string };
          readonly devices?: {
            readonly disks?: readonly Device[];
            readonly interfaces?: readonly { readonly name: string; readonly model?: string }[];
            readonly gpus?: readonly { readonly name: string; readonly deviceName: string }[];
          };
        };
        readonly networks?: readonly {
          readonly name: string;
          readonly multus?: { readonly networkName?: string };
        }[];
        readonly volumes?: readonly Volume[];
        readonly nodeSelector?: Readonly<Record<string, string>>;
      };
    };
  };
}

interface Device {
  readonly name: string;
  readonly bootOrder?: number;
  readonly disk?: { readonly bus?: string };
  readonly cdrom?: { readonly bus?: string };
}

interface Volume {
  readonly name: string;
  readonly containerDisk?: { readonly image?: string };
  readonly dataVolume?: { readonly name?: string };
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly emptyDisk?: { readonly capacity?: string };
}

/**
 * A form for another machine like this one. Its disks are copied, its addresses are not, and what its guest was told at its first
 * start (keys, passwords) is not either.
 */
export function formOfMachine({ metadata, spec }: MachineObject): CreateForm {
  const { domain, volumes = [], networks = [], nodeSelector = {} } = spec?.template?.spec ?? {};
  const blank = emptyForm(metadata.namespace ?? '');
  const { cores = 1, sockets = 1, threads = 1 } = domain?.cpu ?? {};
  const devices = domain?.devices?.disks ?? [];
  const disks = volumes.flatMap((volume, index) =>
    diskOf(
      volume,
      devices.find(({ name }) => name === volume.name),
      index,
    ),
  );
  return {
    ...blank,
    name: freeName(`${metadata.name ?? ''}-copy`, []),
    runStrategy: strategyOf(spec?.runStrategy) ?? blank.runStrategy,
    labels: pairs(metadata.labels ?? {}),
    sizing: spec?.instancetype ? 'type' : 'own',
    cpu: cores * sockets * threads,
    memory: domain?.memory?.guest ?? blank.memory,
    instancetype: typeKey(spec?.instancetype),
    preference: typeKey(spec?.preference),
    disks: disks.length > 0 ? disks : blank.disks,
    networks: networks.length > 0 ? networks.map(networkOf) : blank.networks,
    gpus: (domain?.devices?.gpus ?? []).map(({ name, deviceName }, index) => ({
      id: 200 + index,
      name,
      deviceName,
    })),
    nodeSelector: pairs(nodeSelector),
  };
}

const STRATEGIES = ['Always', 'RerunOnFailure', 'Manual', 'Halted', 'Once'] as const;
const strategyOf = (text: string | undefined): CreateForm['runStrategy'] | undefined =>
  STRATEGIES.find((one) => one === text);

const pairs = (of: Readonly<Record<string, string>>): string =>
  Object.entries(of)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

function typeKey(reference: { readonly name?: string; readonly kind?: string } | undefined): string {
  if (reference?.name === undefined) return '';
  const cluster = reference.kind === undefined || /Cluster/i.test(reference.kind);
  return `${cluster ? 'cluster' : 'namespace'}/${reference.name}`;
}

function diskOf(volume: Volume, device: Device | undefined, index: number): DiskForm[] {
  const from =
    volume.containerDisk?.image ?? volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
  const empty = volume.emptyDisk;
  // cloud-init's and the like are made anew.
  if (from === undefined && !empty) return [];
  const source = empty ? 'empty' : volume.containerDisk ? 'containerDisk' : 'clone';
  return [
    {
      id: index + 1,
      name: volume.name,
      source,
      from: from ?? '',
      secret: '',
      size: empty?.capacity ?? '',
      storageClassName: '',
      device: device?.cdrom ? 'cdrom' : 'disk',
      bus: '',
      boot: device?.bootOrder !== undefined,
    },
  ];
}

const networkOf = (
  { name, multus }: { name: string; multus?: { networkName?: string } },
  index: number,
): NetworkForm => ({
  ...newNetwork(100 + index, []),
  name,
  nadName: multus?.networkName ?? '',
});
