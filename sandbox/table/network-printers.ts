import { objectAt, objectsAt, textAt, textsAt } from '../schema/json-access.ts';
import type { JsonObject } from '../schema/schema-node.ts';
import {
  abbreviated,
  ageOf,
  columnsOf,
  countAt,
  formatLabels,
  formatSelector,
  nameOf,
  specOf,
  statusOf,
  textOr,
  type Printer,
} from './printer.ts';

function loadBalancerAddresses(status: JsonObject): string[] {
  const addresses = objectsAt(objectAt(status, 'loadBalancer'), 'ingress').map(
    (ingress) => textAt(ingress, 'ip') ?? textAt(ingress, 'hostname') ?? '',
  );
  return [...new Set(addresses)].filter((address) => address !== '').sort();
}

function externalAddress(spec: JsonObject, status: JsonObject): string {
  const external = textsAt(spec, 'externalIPs');
  switch (spec['type']) {
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || '<none>';
    case 'LoadBalancer':
      return [...loadBalancerAddresses(status), ...external].join(',') || '<pending>';
    case 'ExternalName':
      return textAt(spec, 'externalName') ?? '';
    default:
      return '<unknown>';
  }
}

function servicePorts(spec: JsonObject): string {
  const ports = objectsAt(spec, 'ports').map((port) => {
    const node = countAt(port, 'nodePort');
    return `${countAt(port, 'port')}${node > 0 ? `:${node}` : ''}/${textAt(port, 'protocol') ?? 'TCP'}`;
  });
  return ports.join(',') || '<none>';
}

const service: Printer = {
  columns: columnsOf('Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', '+Selector'),
  cells: (object, nowMs) => {
    const spec = specOf(object);
    return [
      nameOf(object),
      textAt(spec, 'type') ?? '',
      textsAt(spec, 'clusterIPs')[0] ?? textOr(spec, 'clusterIP', '<none>'),
      externalAddress(spec, statusOf(object)),
      servicePorts(spec),
      ageOf(object, nowMs),
      formatLabels(objectAt(spec, 'selector')),
    ];
  },
};

const joined = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function endpointAddresses(object: JsonObject): string[] {
  return objectsAt(object, 'subsets').flatMap((subset) => {
    const addresses = objectsAt(subset, 'addresses').map((address) => textAt(address, 'ip') ?? '');
    const ports = objectsAt(subset, 'ports').map((port) => countAt(port, 'port'));
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((address) => joined(address, port)));
  });
}

const endpoints: Printer = {
  columns: columnsOf('Name', 'Endpoints', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    objectsAt(object, 'subsets').length === 0 ? '<none>' : abbreviated(endpointAddresses(object), ''),
    ageOf(object, nowMs),
  ],
};

const endpointSlice: Printer = {
  columns: columnsOf('Name', 'AddressType', 'Ports', 'Endpoints', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    textAt(object, 'addressType') ?? '',
    abbreviated(
      objectsAt(object, 'ports').map((port) =>
        typeof port['port'] === 'number' ? `${port['port']}` : (textAt(port, 'name') ?? '*'),
      ),
    ),
    abbreviated(objectsAt(object, 'endpoints').flatMap((endpoint) => textsAt(endpoint, 'addresses'))),
    ageOf(object, nowMs),
  ],
};

function hosts(spec: JsonObject): string {
  const names = objectsAt(spec, 'rules')
    .map((rule) => textAt(rule, 'host') ?? '')
    .filter((host) => host !== '');
  return abbreviated(names, '*');
}

const ingress: Printer = {
  columns: columnsOf('Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'),
  cells: (object, nowMs) => {
    const spec = specOf(object);
    return [
      nameOf(object),
      textAt(spec, 'ingressClassName') ?? '<none>',
      hosts(spec),
      loadBalancerAddresses(statusOf(object)).join(','),
      objectsAt(spec, 'tls').length > 0 ? '80, 443' : '80',
      ageOf(object, nowMs),
    ];
  },
};

const ingressClass: Printer = {
  columns: columnsOf('Name', 'Controller', 'Parameters', 'Age'),
  cells: (object, nowMs) => {
    const parameters = objectAt(specOf(object), 'parameters');
    const group = textAt(parameters, 'apiGroup');
    return [
      nameOf(object),
      textAt(specOf(object), 'controller') ?? '',
      parameters
        ? `${textAt(parameters, 'kind')}${group === undefined ? '' : `.${group}`}/${textAt(parameters, 'name')}`
        : '<none>',
      ageOf(object, nowMs),
    ];
  },
};

const networkPolicy: Printer = {
  columns: columnsOf('Name', 'Pod-Selector', 'Age'),
  cells: (object, nowMs) => [
    nameOf(object),
    formatSelector(specOf(object)['podSelector']),
    ageOf(object, nowMs),
  ],
};

export const NETWORK_PRINTERS: Readonly<Record<string, Printer>> = {
  '/Service': service,
  '/Endpoints': endpoints,
  'discovery.k8s.io/EndpointSlice': endpointSlice,
  'networking.k8s.io/Ingress': ingress,
  'networking.k8s.io/IngressClass': ingressClass,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
};
