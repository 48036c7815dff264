import type { Wire } from '../harness/wire.ts';

const SPEC = 'spec.template.spec';
const DEVICES = `${SPEC}.domain.devices`;
const disk = { name: 'root', disk: { bus: 'virtio' } };
const volume = { name: 'root', containerDisk: { image: 'local/guest:1' } };
const net = { name: 'default', masquerade: {} };

interface Parts {
  readonly disks?: readonly Wire[];
  readonly interfaces?: readonly Wire[];
  readonly networks?: readonly Wire[];
  readonly volumes?: readonly Wire[];
  readonly template?: Wire;
  readonly spec?: Wire;
}

function machine({ disks, interfaces, networks, volumes, template, spec }: Parts): Wire {
  return {
    runStrategy: 'Halted',
    template: {
      spec: {
        domain: {
          memory: { guest: '64Mi' },
          devices: { disks: disks ?? [disk], interfaces: interfaces ?? [net] },
        },
        networks: networks ?? [{ name: 'default', pod: {} }],
        volumes: volumes ?? [volume],
        ...template,
      },
    },
    ...spec,
  };
}

const extra = (source: Wire): Parts => ({
  disks: [disk, { name: 'ci', disk: {} }],
  volumes: [volume, { name: 'ci', ...source }],
});
const template = { metadata: { name: 'x' }, spec: { source: { blank: {} }, storage: {} } };

type Refusal = readonly [name: string, spec: Wire, field?: string, message?: string];

/** What virt-api of KubeVirt 1.7.0 says to machines; without a field it takes them. */
export const WEBHOOK_REFUSALS: readonly Refusal[] = [
  ['as it should be', machine({})],
  ['of an instance type that there is not', machine({ spec: { instancetype: { name: 'nope' } } })],
  [
    'a volume without a disk',
    machine({ volumes: [volume, { name: 'more', emptyDisk: { capacity: '1Gi' } }] }),
  ],
  [
    'both ways to run',
    machine({ spec: { running: true } }),
    'spec.running',
    'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
  ],
  [
    'no way to run',
    machine({ spec: { runStrategy: undefined } }),
    'spec.running',
    'RunStrategy must be specified',
  ],
  [
    'an unknown way to run',
    machine({ spec: { runStrategy: 'Sometimes' } }),
    'spec.runStrategy',
    'Invalid RunStrategy (Sometimes)',
  ],
  [
    'a disk without a volume',
    machine({ disks: [disk, { name: 'two', disk: {} }] }),
    `${DEVICES}.disks[1].name`,
    `${DEVICES}.disks[1].Name 'two' not found.`,
  ],
  [
    'two disks of a name',
    machine({ disks: [disk, disk] }),
    `${DEVICES}.disks[1].name`,
    `${DEVICES}.disks[1] and ${DEVICES}.disks[0] must not have the same Name.`,
  ],
  [
    'two volumes of a name',
    machine({ volumes: [volume, volume] }),
    `${SPEC}.volumes[1].name`,
    `${SPEC}.volumes[1] and ${SPEC}.volumes[0] must not have the same Name.`,
  ],
  [
    'a volume of nothing',
    machine({ volumes: [{ name: 'root' }] }),
    `${SPEC}.volumes[0]`,
    `${SPEC}.volumes[0] must have exactly one source type set`,
  ],
  [
    'a volume of two things',
    machine({ volumes: [{ ...volume, emptyDisk: { capacity: '1Gi' } }] }),
    `${SPEC}.volumes[0]`,
    `${SPEC}.volumes[0] must have exactly one source type set`,
  ],
  [
    'a network without an interface',
    machine({
      networks: [
        { name: 'default', pod: {} },
        { name: 'b', multus: { networkName: 'x' } },
      ],
    }),
    `${SPEC}.networks[1].name`,
    `${SPEC}.networks[1].name 'b' not found.`,
  ],
  [
    'an interface without a network',
    machine({ interfaces: [net, { name: 'b', bridge: {} }] }),
    `${DEVICES}.interfaces[1].name`,
    `${DEVICES}.interfaces[1].name 'b' not found.`,
  ],
  [
    'the pod’s network twice',
    machine({
      interfaces: [net, { name: 'b', bridge: {} }],
      networks: [
        { name: 'default', pod: {} },
        { name: 'b', pod: {} },
      ],
    }),
    `${SPEC}.interfaces`,
    `more than one interface is connected to a pod network in ${SPEC}.interfaces`,
  ],
  [
    'masquerade elsewhere',
    machine({ networks: [{ name: 'default', multus: { networkName: 'x' } }] }),
    `${DEVICES}.interfaces[0].name`,
    'Masquerade interface only implemented with pod network',
  ],
  [
    'no MAC address',
    machine({ interfaces: [{ ...net, macAddress: 'zz' }] }),
    `${DEVICES}.interfaces[0].macAddress`,
    `interface ${DEVICES}.interfaces[0].name has malformed MAC address (zz).`,
  ],
  [
    'an unknown bus',
    machine({ disks: [{ name: 'root', disk: { bus: 'floppy' } }] }),
    `${DEVICES}.disks[0].disk.bus`,
    `${DEVICES}.disks[0] is set with an unrecognized bus floppy, must be one of: [virtio scsi sata usb]`,
  ],
  [
    'a CD-ROM on virtio',
    machine({ disks: [{ name: 'root', cdrom: { bus: 'virtio' } }] }),
    `${DEVICES}.disks[0].cdrom.bus`,
    'Bus type virtio is invalid for CD-ROM device',
  ],
  [
    'a boot order of zero',
    machine({ disks: [{ ...disk, bootOrder: 0 }] }),
    `${DEVICES}.disks[0].bootOrder`,
    `${DEVICES}.disks[0] must have a boot order > 0, if supplied`,
  ],
  [
    'too much user data',
    machine(extra({ cloudInitNoCloud: { userData: 'x'.repeat(2049) } })),
    `${SPEC}.volumes[1].cloudInitNoCloud`,
    `${SPEC}.volumes[1].cloudInitNoCloud userdata exceeds 2048 byte limit. Should use UserDataSecretRef for larger data.`,
  ],
  [
    'too much network data',
    machine(extra({ cloudInitNoCloud: { userData: 'x', networkData: 'y'.repeat(2049) } })),
    `${SPEC}.volumes[1].cloudInitNoCloud`,
    `${SPEC}.volumes[1].cloudInitNoCloud networkdata exceeds 2048 byte limit. Should use NetworkDataSecretRef for larger data.`,
  ],
  [
    'cloud-init of nothing',
    machine(extra({ cloudInitNoCloud: {} })),
    `${SPEC}.volumes[1].cloudInitNoCloud`,
    `${SPEC}.volumes[1].cloudInitNoCloud must have at least one userdatasource or one networkdatasource set.`,
  ],
  [
    'cloud-init of two things',
    machine(extra({ cloudInitNoCloud: { userData: 'x', secretRef: { name: 's' } } })),
    `${SPEC}.volumes[1].cloudInitNoCloud`,
    `${SPEC}.volumes[1].cloudInitNoCloud must have only one userdatasource set.`,
  ],
  [
    'keys without cloud-init',
    machine({
      template: {
        accessCredentials: [
          { sshPublicKey: { source: { secret: { secretName: 'k' } }, propagationMethod: { noCloud: {} } } },
        ],
      },
    }),
    `${SPEC}.accessCredentials[0].sshPublicKey.propagationMethod`,
    `${SPEC}.accessCredentials[0] requires a noCloud volume to exist when the noCloud propagationMethod is in use.`,
  ],
  [
    'a data volume that nothing uses',
    machine({ spec: { dataVolumeTemplates: [template] } }),
    'spec.dataVolumeTemplate[0]',
    "DataVolumeTemplate entry spec.dataVolumeTemplate[0] must be referenced in the VMI template's 'volumes' list",
  ],
  [
    'a data volume of nothing',
    machine({
      volumes: [{ name: 'root', dataVolume: { name: 'x' } }],
      spec: { dataVolumeTemplates: [{ metadata: { name: 'x' }, spec: { storage: {} } }] },
    }),
    'spec.dataVolumeTemplate[0].source.sourceRef',
    'Data volume should have either Source, SourceRef, or be externally populated',
  ],
];
