import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Column } from '../column.ts';
import { at, column, fieldsAt, joined, listAt, textAt } from './read.ts';

const wide = { wide: true };

export const serviceColumns: readonly Column[] = [
  column('Type', 'text', (service) => textAt(service, 'spec', 'type')),
  column('Cluster IP', 'text', (service) => textAt(service, 'spec', 'clusterIP')),
  column('External IP', 'text', externalAddresses),
  column('Ports', 'text', (service) => joined(listAt(service, 'spec', 'ports').map(portText))),
  column('Selector', 'text', (service) => pairs(fieldsAt(service, 'spec', 'selector')), wide),
];

export const ingressColumns: readonly Column[] = [
  column('Class', 'text', (ingress) => textAt(ingress, 'spec', 'ingressClassName')),
  column(
    'Hosts',
    'text',
    (ingress) => joined(listAt(ingress, 'spec', 'rules').map((rule) => textAt(rule, 'host') ?? '*')) ?? '*',
  ),
  column('Address', 'text', balancerAddresses),
  column('Ports', 'text', (ingress) => (listAt(ingress, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
];

export const endpointSliceColumns: readonly Column[] = [
  column('Address type', 'text', (slice) => textAt(slice, 'addressType')),
  column('Ports', 'text', (slice) => joined(listAt(slice, 'ports').map((port) => textAt(port, 'port')))),
  column('Endpoints', 'text', (slice) =>
    joined(listAt(slice, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String))),
  ),
];

export const networkPolicyColumns: readonly Column[] = [
  column('Pod selector', 'text', (policy) => pairs(fieldsAt(policy, 'spec', 'podSelector', 'matchLabels'))),
  column('Policy types', 'text', (policy) => joined(listAt(policy, 'spec', 'policyTypes').map(String))),
];

function portText(port: unknown): string {
  const nodePort = textAt(port, 'nodePort');
  const number = textAt(port, 'port') ?? '';
  return `${number}${nodePort === null ? '' : `:${nodePort}`}/${textAt(port, 'protocol') ?? 'TCP'}`;
}

function externalAddresses(service: KubeObject): string | null {
  if (at(service, 'spec', 'type') === 'ExternalName') return textAt(service, 'spec', 'externalName');
  return joined([balancerAddresses(service), ...listAt(service, 'spec', 'externalIPs').map(String)]);
}

function balancerAddresses(object: KubeObject): string | null {
  return joined(
    listAt(object, 'status', 'loadBalancer', 'ingress').map(
      (entry) => textAt(entry, 'ip') ?? textAt(entry, 'hostname'),
    ),
  );
}

function pairs(fields: Readonly<Record<string, unknown>>): string | null {
  return joined(Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`));
}
