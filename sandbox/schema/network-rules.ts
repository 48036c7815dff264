import { equalJson } from '../store/json-value.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, element, pathOf, type FieldPath } from './field-path.ts';
import { objectAt, objectsAt, textAt, textsAt } from './json-access.ts';
import type { JsonObject } from './schema-node.ts';
import {
  checkAddress,
  checkCidr,
  checkLabelMap,
  checkNamed,
  checkPort,
  checkPortOrName,
  checkSelector,
} from './value-rules.ts';

type Path = FieldPath | undefined;
type Rule = (object: JsonObject, old: JsonObject | undefined, errors: FieldErrors) => void;

const SPEC = pathOf('spec');
const specOf = (object: JsonObject | undefined): JsonObject => objectAt(object, 'spec') ?? {};

function checkServicePorts(spec: JsonObject, errors: FieldErrors): void {
  const path = child(SPEC, 'ports');
  const ports = objectsAt(spec, 'ports');
  const headless = spec['clusterIP'] === 'None';
  if (ports.length === 0 && !headless && spec['type'] !== 'ExternalName') errors.required(path);
  const [names, used] = [new Set<string>(), new Set<string>()];
  for (const [index, port] of ports.entries()) {
    const at = element(path, index);
    const name = textAt(port, 'name') ?? '';
    if (name === '' && ports.length > 1) errors.required(child(at, 'name'));
    else if (name !== '') {
      checkNamed('label', name, child(at, 'name'), errors);
      if (names.has(name)) errors.duplicate(child(at, 'name'), name);
      names.add(name);
    }
    checkPort(port['port'] ?? 0, child(at, 'port'), errors);
    if (port['targetPort'] !== undefined)
      checkPortOrName(port['targetPort'], child(at, 'targetPort'), errors);
    const key = `${String(port['port'])}/${String(port['protocol'])}`;
    if (used.has(key)) errors.duplicate(at, port);
    used.add(key);
  }
}

const service: Rule = (object, old, errors) => {
  const spec = specOf(object);
  checkServicePorts(spec, errors);
  checkLabelMap(objectAt(spec, 'selector'), child(SPEC, 'selector'), errors);
  if (spec['type'] === 'ExternalName') {
    if (!textAt(spec, 'externalName')) errors.required(child(SPEC, 'externalName'));
    return;
  }
  const address = textAt(spec, 'clusterIP');
  if (address && address !== 'None') checkAddress(address, element(child(SPEC, 'clusterIPs'), 0), errors);
  const before = specOf(old);
  const was = textAt(before, 'clusterIP');
  if (was && before['type'] !== 'ExternalName' && address !== was)
    errors.invalid(
      element(child(SPEC, 'clusterIPs'), 0),
      textsAt(spec, 'clusterIPs').length > 0 ? spec['clusterIPs'] : address,
      'may not change once set',
    );
};

function checkIngressPath(path: JsonObject, at: Path, errors: FieldErrors): void {
  const place = textAt(path, 'path') ?? '';
  if (
    path['pathType'] !== 'ImplementationSpecific' &&
    path['pathType'] !== undefined &&
    !place.startsWith('/')
  )
    errors.invalid(child(at, 'path'), place, 'must be an absolute path');
  const backend = objectAt(path, 'backend') ?? {};
  const target = child(at, 'backend');
  const to = objectAt(backend, 'service');
  if (!to && backend['resource'] === undefined)
    errors.invalid(target, '', 'resource or service backend is required');
  if (to && objectAt(to, 'port') === undefined)
    errors.required(child(child(target, 'service'), 'port'), 'port name or number is required');
}

const ingress: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  const rules = objectsAt(spec, 'rules');
  if (rules.length === 0 && spec['defaultBackend'] === undefined)
    errors.invalid(SPEC, spec, 'either `defaultBackend` or `rules` must be specified');
  for (const [index, rule] of rules.entries()) {
    const at = element(child(SPEC, 'rules'), index);
    const host = textAt(rule, 'host');
    if (host) checkNamed('subdomain', host.replace(/^\*\./, ''), child(at, 'host'), errors);
    const http = child(child(at, 'http'), 'paths');
    for (const [number, path] of objectsAt(objectAt(rule, 'http'), 'paths').entries())
      checkIngressPath(path, element(http, number), errors);
  }
};

function checkPeer(peer: JsonObject, at: Path, errors: FieldErrors): void {
  if (Object.keys(peer).length === 0) errors.required(at, 'must specify a peer');
  for (const field of ['podSelector', 'namespaceSelector'])
    checkSelector(peer[field], child(at, field), errors);
  const block = objectAt(peer, 'ipBlock');
  if (block) checkCidr(block['cidr'], child(child(at, 'ipBlock'), 'cidr'), errors);
}

const networkPolicy: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  checkSelector(spec['podSelector'], child(SPEC, 'podSelector'), errors);
  for (const [list, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    for (const [index, rule] of objectsAt(spec, list).entries()) {
      const at = element(child(SPEC, list), index);
      for (const [number, port] of objectsAt(rule, 'ports').entries())
        if (port['port'] !== undefined)
          checkPortOrName(port['port'], child(element(child(at, 'ports'), number), 'port'), errors);
      for (const [number, peer] of objectsAt(rule, peers).entries())
        checkPeer(peer, element(child(at, peers), number), errors);
    }
};

const endpointSlice: Rule = (object, old, errors) => {
  if (old && !equalJson(object['addressType'], old['addressType']))
    errors.invalid(pathOf('addressType'), object['addressType'], 'field is immutable');
};

export const NETWORK_RULES: Readonly<Record<string, Rule>> = {
  '/Service': service,
  'networking.k8s.io/Ingress': ingress,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
  'discovery.k8s.io/EndpointSlice': endpointSlice,
};
