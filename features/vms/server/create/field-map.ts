import type { VmCreateRequest } from '../../contract/vm-create.ts';

const SPEC = 'spec.template.spec';
/** Paths of the machine, as KubeVirt's webhook writes them, and the field of the request that they came from. */
const RULES: readonly (readonly [RegExp, (index: string, rest: string) => string])[] = [
  [/^spec\.dataVolumeTemplates?\[(\d+)\]/, () => 'disks'],
  [
    at(`${SPEC}.domain.devices.disks`),
    (index, rest) =>
      `disks.${index}${/bus$/i.test(rest) ? '.bus' : /bootOrder/.test(rest) ? '.boot' : /\.name$/i.test(rest) ? '.name' : ''}`,
  ],
  [at(`${SPEC}.volumes`), (index) => `disks.${index}`],
  [
    at(`${SPEC}.domain.devices.interfaces`),
    (index, rest) => `networks.${index}${/macAddress/.test(rest) ? '.macAddress' : ''}`,
  ],
  [at(`${SPEC}.networks`), (index) => `networks.${index}`],
  [at(`${SPEC}.domain.devices.gpus`), (index) => `gpus.${index}`],
  [at(`${SPEC}.domain.devices.hostDevices`), (index) => `hostDevices.${index}`],
  [/^spec\.template\.spec\.GPUs/i, () => 'gpus'],
  [/^spec\.template\.spec\.HostDevices/i, () => 'hostDevices'],
  [/^spec\.template\.spec\.domain\.cpu/, () => 'cpu'],
  [/^spec\.template\.spec\.domain\.(memory|resources)/, () => 'memory'],
  [/^spec\.template\.spec\.accessCredentials/, () => 'cloudInit'],
  [/^spec\.template\.spec\.(affinity|nodeSelector|tolerations)/, () => 'placement'],
  [/^spec\.template\.spec\.domain(\.firmware|$)/, () => 'firmware'],
  [/^spec\.instancetype/, () => 'instancetype.name'],
  [/^spec\.preference/, () => 'preference.name'],
  [/^spec\.(running|runStrategy)/, () => 'runStrategy'],
  [/^metadata\.name$/, () => 'name'],
  [/^(spec\.template\.)?metadata\.labels/, () => 'labels'],
  [/^metadata\.annotations/, () => 'annotations'],
];

function at(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.')}\\[(\\d+)\\](.*)$`);
}

/** The field of the request for a path of what is made of it; a disk beyond the request's own is cloud-init's. */
export function fieldMap(request: VmCreateRequest): (path: string) => string | undefined {
  const disks = Math.max(request.disks?.length ?? 0, 1);
  return (path) => {
    for (const [pattern, name] of RULES) {
      const match = pattern.exec(path);
      if (!match) continue;
      const [, index = '', rest = ''] = match;
      const field = name(index, rest);
      return /^disks\.\d/.test(field) && Number(index) >= disks ? 'cloudInit' : field;
    }
    return undefined;
  };
}
