import { ownerReference } from '../life/pod-state.ts';
import type { InstanceSpec, RunStrategy, VirtualMachine } from '../kubevirt/vm-types.ts';
import { WUKONG_API_VERSION, WUKONG_LABEL } from './wukong-resources.ts';
import type { Wukong, WukongNetwork, WukongSpec } from './wukong-types.ts';

export const vmNameOf = ({ metadata }: Wukong): string => `${metadata.name}-vm`;
export const claimNameOf = ({ metadata }: Wukong, disk: string): string => `${metadata.name}-${disk}`;
export const cloudInitSecretOf = ({ metadata }: Wukong): string => `${metadata.name}-cloud-init`;

/** Of these KubeVirt makes nothing: Multus could, but a guest's tap needs a bridge. */
export const isUnsupported = ({ type }: WukongNetwork): boolean => type === 'macvlan';

/** autoStart false is off, whatever else is said; on, it runs as runStrategy says, else as restartPolicy does. */
export function runStrategyOf({ startStrategy, highAvailability }: WukongSpec): RunStrategy {
  if (startStrategy?.autoStart === false) return 'Halted';
  if (startStrategy?.runStrategy !== undefined) return startStrategy.runStrategy;
  const byPolicy = { Always: 'Always', OnFailure: 'RerunOnFailure', Never: 'Manual' } as const;
  return byPolicy[highAvailability?.restartPolicy ?? 'Always'];
}

/** The VirtualMachine that a Wukong wants. The same Wukong gives the same machine, to the field. */
export function wantedMachine(wukong: Wukong): VirtualMachine {
  const { spec, metadata } = wukong;
  const labels = { [WUKONG_LABEL]: metadata.name! };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: vmNameOf(wukong),
      namespace: metadata.namespace!,
      labels,
      ownerReferences: [ownerReference(wukong, WUKONG_API_VERSION, 'Wukong')],
    },
    spec: {
      runStrategy: runStrategyOf(spec),
      template: { metadata: { labels }, spec: { ...guestOf(wukong), ...placementOf(wukong) } },
    },
  };
}

function guestOf(wukong: Wukong): InstanceSpec {
  const { cpu, memory, gpus = [], networks = [] } = wukong.spec;
  const wired = networks.filter((network) => !isUnsupported(network));
  const volumes = volumesOf(wukong);
  return {
    domain: {
      cpu: { cores: cpu },
      memory: { guest: memory },
      devices: {
        disks: volumes.map(({ name }) => ({
          name,
          disk: { bus: 'virtio' },
          ...(name === bootVolume(wukong) && { bootOrder: 1 }),
        })),
        interfaces: [{ name: 'default', masquerade: {} }, ...wired.map(interfaceOf)],
        ...(gpus.length > 0 && { gpus: gpus.map(({ name, deviceName }) => ({ name, deviceName })) }),
      },
    },
    networks: [
      { name: 'default', pod: {} },
      ...wired.map((network) => ({
        name: network.name,
        multus: { networkName: network.nadName ?? `${wukong.metadata.name}-${network.name}-nad` },
      })),
    ],
    volumes,
    ...accessOf(wukong),
  };
}

const interfaceOf = ({ name, type }: WukongNetwork): { name: string; [binding: string]: unknown } =>
  type === 'sriov' ? { name, sriov: {} } : { name, bridge: {} };

/** The image is a container disk of its own where no disk is there to boot from. */
function volumesOf(wukong: Wukong): NonNullable<InstanceSpec['volumes']> {
  const { disks = [], osImage = '', cloudInitUser } = wukong.spec;
  return [
    ...(osImage !== '' && !disks.some(({ boot, image }) => boot ?? image)
      ? [{ name: 'root', containerDisk: { image: osImage.replace(/^docker:\/\//, '') } }]
      : []),
    ...disks.map(({ name, image }) =>
      image === undefined
        ? { name, persistentVolumeClaim: { claimName: claimNameOf(wukong, name) } }
        : { name, dataVolume: { name: claimNameOf(wukong, name) } },
    ),
    ...(cloudInitUser
      ? [{ name: 'cloudinit', cloudInitNoCloud: { secretRef: { name: cloudInitSecretOf(wukong) } } }]
      : []),
  ];
}

function bootVolume(wukong: Wukong): string | undefined {
  const { disks = [] } = wukong.spec;
  return disks.find(({ boot }) => boot)?.name ?? volumesOf(wukong)[0]?.name;
}

/** The key stays in its Secret. */
function accessOf({ spec }: Wukong): object {
  if (!spec.sshKeySecret) return {};
  const source = { secret: { secretName: spec.sshKeySecret } };
  return { accessCredentials: [{ sshPublicKey: { source, propagationMethod: { noCloud: {} } } }] };
}

function placementOf({ spec }: Wukong): object {
  const { nodeSelector, tolerations, antiAffinity } = spec.highAvailability ?? {};
  const away = {
    weight: 100,
    podAffinityTerm: {
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchExpressions: [{ key: WUKONG_LABEL, operator: 'Exists' }] },
    },
  };
  return {
    ...(nodeSelector && { nodeSelector: { ...nodeSelector } }),
    ...(tolerations && { tolerations: [...tolerations] }),
    ...(antiAffinity && {
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [away] } },
    }),
  };
}

/** cloud-config as JSON, which is YAML that no name or password can break out of. */
export function cloudConfig({ spec }: Wukong): string | undefined {
  const user = spec.cloudInitUser;
  if (!user) return undefined;
  const { name, password, passwordHash, sudo, shell, groups = [], lockPasswd } = user;
  const account = {
    name,
    ...(sudo !== undefined && { sudo }),
    ...(shell !== undefined && { shell }),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(passwordHash !== undefined && { passwd: passwordHash }),
    ...(passwordHash === undefined && password !== undefined && { plain_text_passwd: password }),
    lock_passwd: lockPasswd ?? (password === undefined && passwordHash === undefined),
  };
  return `#cloud-config\n${JSON.stringify({ users: [account] })}\n`;
}
