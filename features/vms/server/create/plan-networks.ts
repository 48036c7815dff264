import type { NetworkWish, VmCreateRequest } from '../../contract/vm-create.ts';
import { checkCidr, checkIp, checkMac, checkName, checkPartName } from './field-rules.ts';
import type { Premise, Surroundings } from './machine-maker.ts';
import type { Problems } from './problems.ts';

export const ATTACHMENTS = {
  group: 'k8s.cni.cncf.io',
  version: 'v1',
  resource: 'network-attachment-definitions',
} as const;

export interface PlannedNetworks {
  readonly interfaces: readonly object[];
  readonly networks: readonly object[];
  /** Version 2 of cloud-init's network configuration; undefined where every address comes by DHCP. */
  readonly networkData: object | undefined;
  readonly premises: readonly Premise[];
}

/** Interfaces and what they are plugged into. Without wishes: the pod's network. */
export function planNetworks(
  request: VmCreateRequest,
  around: Surroundings,
  problems: Problems,
): PlannedNetworks {
  const asked = request.networks ?? [];
  const wishes: readonly NetworkWish[] = asked.length > 0 ? asked : [{ name: 'default' }];
  check(wishes, problems);
  const fixed = wishes.some(isStatic);
  // With network data each interface must be in it, found by its MAC.
  const placed = fixed
    ? wishes.map((wish) => ({ ...wish, macAddress: wish.macAddress ?? newMac(around) }))
    : wishes;
  return {
    interfaces: placed.map(interfaceOf),
    networks: placed.map(({ name, nadName = '' }) =>
      nadName === '' ? { name, pod: {} } : { name, multus: { networkName: nadName } },
    ),
    networkData: fixed ? networkData(placed) : undefined,
    premises: placed.flatMap(({ nadName = '' }, index) =>
      nadName === '' ? [] : [attachmentPremise(nadName, `networks.${index}.nadName`, around.namespace)],
    ),
  };
}

const isStatic = ({ ipConfig }: NetworkWish): boolean =>
  ipConfig?.mode === 'static' || (ipConfig?.mode === undefined && (ipConfig?.address ?? '') !== '');

/** Locally administered, of one interface. */
const newMac = ({ randomHex }: Surroundings): string => `02:${randomHex(10).match(/../g)!.join(':')}`;

function check(wishes: readonly NetworkWish[], problems: Problems): void {
  const names = new Set<string>();
  const macs = new Set<string>();
  let pods = 0;
  for (const [index, wish] of wishes.entries()) {
    const field = `networks.${index}`;
    checkPartName(problems, `${field}.name`, wish.name);
    if (names.has(wish.name))
      problems.add(`${field}.name`, `two networks are called "${wish.name}"`, 'FieldValueDuplicate');
    names.add(wish.name);
    const mac = wish.macAddress?.toLowerCase().replaceAll('-', ':');
    if (mac !== undefined) checkMac(problems, `${field}.macAddress`, wish.macAddress!);
    if (mac !== undefined && macs.has(mac))
      problems.add(`${field}.macAddress`, 'two networks have this address', 'FieldValueDuplicate');
    if (mac !== undefined) macs.add(mac);
    if ((wish.nadName ?? '') === '') pods += 1;
    if ((wish.nadName ?? '') === '' && pods > 1)
      problems.add(
        `${field}.nadName`,
        "only one interface can be in the pod's network; name a NetworkAttachmentDefinition",
        'FieldValueRequired',
      );
    checkKind(wish, field, problems);
    checkNetworkAddresses(wish, field, problems);
  }
}

function checkKind(
  { nadName = '', binding, type, ...wish }: NetworkWish,
  field: string,
  problems: Problems,
): void {
  const [namespace, name, ...more] = nadName.includes('/') ? nadName.split('/') : ['default', nadName];
  if (more.length > 0) problems.add(`${field}.nadName`, 'is name, or namespace/name');
  else if (nadName !== '') {
    checkName(problems, `${field}.nadName`, namespace!);
    checkName(problems, `${field}.nadName`, name!);
  }
  if (nadName === '' && type !== undefined)
    problems.add(
      `${field}.nadName`,
      `a ${type} network needs a NetworkAttachmentDefinition; leave type out for the pod's network`,
      'FieldValueRequired',
    );
  if (nadName !== '' && binding === 'masquerade')
    problems.add(`${field}.binding`, "masquerade is for the pod's network only");
  if (nadName === '' && binding === 'sriov')
    problems.add(`${field}.binding`, 'SR-IOV needs a NetworkAttachmentDefinition');
  for (const key of ['vlanId', 'bridgeName', 'physicalInterface'] as const)
    if (wish[key] !== undefined)
      problems.add(
        `${field}.${key}`,
        "is for a Wukong's operator, which makes networks; KubeVirt joins one that nadName names",
        'FieldValueForbidden',
      );
}

export function checkNetworkAddresses(wish: NetworkWish, field: string, problems: Problems): void {
  const { ipConfig, nadName = '' } = wish;
  if (!ipConfig) return;
  const { address = '', gateway = '', dnsServers = [] } = ipConfig;
  if (isStatic(wish)) {
    if (nadName === '')
      problems.add(
        `${field}.ipConfig.mode`,
        "the pod's network gives its own addresses; static ones are for networks of a nadName",
      );
    if (address === '')
      problems.add(`${field}.ipConfig.address`, 'which one? 192.0.2.10/24', 'FieldValueRequired');
  } else {
    for (const key of ['address', 'gateway'] as const)
      if ((ipConfig[key] ?? '') !== '')
        problems.add(`${field}.ipConfig.${key}`, 'comes by DHCP; set mode to static to say it');
  }
  if (address !== '') checkCidr(problems, `${field}.ipConfig.address`, address);
  if (gateway !== '') checkIp(problems, `${field}.ipConfig.gateway`, gateway);
  for (const [index, server] of dnsServers.entries())
    checkIp(problems, `${field}.ipConfig.dnsServers.${index}`, server);
}

function interfaceOf({ name, nadName = '', binding, model, macAddress, type }: NetworkWish): object {
  const bound = binding ?? (nadName === '' ? 'masquerade' : type === 'sriov' ? 'sriov' : 'bridge');
  return { name, [bound]: {}, ...(model && { model }), ...(macAddress !== undefined && { macAddress }) };
}

function networkData(wishes: readonly NetworkWish[]): object {
  const ethernets = Object.fromEntries(
    wishes.map((wish) => {
      const { name, ipConfig, macAddress = '' } = wish;
      const { address, gateway = '', dnsServers = [] } = ipConfig ?? {};
      const match = { macaddress: macAddress.toLowerCase().replaceAll('-', ':') };
      const nameservers = dnsServers.length > 0 && { nameservers: { addresses: dnsServers } };
      if (!isStatic(wish)) return [name, { match, dhcp4: true, ...nameservers }];
      const route = gateway !== '' && {
        routes: [{ to: gateway.includes(':') ? '::/0' : '0.0.0.0/0', via: gateway }],
      };
      return [name, { match, addresses: [address], ...route, ...nameservers }];
    }),
  );
  return { version: 2, ethernets };
}

export function attachmentPremise(nadName: string, field: string, own: string): Premise {
  const [namespace, name] = nadName.includes('/') ? (nadName.split('/') as [string, string]) : [own, nadName];
  return { field, gvr: ATTACHMENTS, name, namespace, must: 'exist' };
}
