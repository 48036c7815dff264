import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ObjectStore } from '../store/object-store.ts';
import type { Admission } from './admission.ts';
import { invalid } from './api-errors.ts';
import { qualifiedResource } from './resource-definition.ts';

interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  clusterIPs?: string[];
  ports?: { nodePort?: number }[];
}

const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2768;

/** Gives services an address of 10.96.0.0/16 and, where they have any, ports on the nodes. */
export function serviceAdmission(store: ObjectStore): Admission {
  return ({ operation, definition, subresource, object, old }) => {
    if (operation === 'DELETE' || subresource !== undefined || !object) return;
    if (qualifiedResource(definition) !== 'services') return;
    const spec = object['spec'] as ServiceSpec | undefined;
    if (typeof spec !== 'object' || spec === null || spec.type === 'ExternalName') return;
    const others = store
      .collection('services')
      .list()
      .filter(({ object: other }) => other.metadata.uid !== object.metadata.uid);
    keepAddress(spec, old);
    giveAddress(
      spec,
      others.map(({ object: other }) => other),
    );
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer')
      giveNodePorts(
        spec,
        others.map(({ object: other }) => other),
      );
  };
}

/** An update that says nothing of the address keeps it. */
function keepAddress(spec: ServiceSpec, old: KubeObject | undefined): void {
  const before = old?.['spec'] as ServiceSpec | undefined;
  if ((spec.clusterIP ?? '') === '' && before?.clusterIP) spec.clusterIP = before.clusterIP;
}

function giveAddress(spec: ServiceSpec, others: readonly KubeObject[]): void {
  const taken = new Set(others.map((other) => (other['spec'] as ServiceSpec).clusterIP));
  if ((spec.clusterIP ?? '') === '') spec.clusterIP = firstFree(taken);
  else if (spec.clusterIP !== 'None' && taken.has(spec.clusterIP))
    throw invalid({ kind: 'Service', group: '' }, '', [
      {
        field: 'spec.clusterIPs',
        reason: 'FieldValueInvalid',
        message: `Invalid value: ["${spec.clusterIP}"]: failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`,
      },
    ]);
  spec.clusterIPs = [spec.clusterIP!];
}

/** 10.96.0.1 is the API server's own. */
function firstFree(taken: ReadonlySet<string | undefined>): string {
  for (let number = 2; ; number += 1) {
    const address = `10.96.${(number >> 8) & 0xff}.${number & 0xff}`;
    if (!taken.has(address)) return address;
  }
}

function giveNodePorts(spec: ServiceSpec, others: readonly KubeObject[]): void {
  const taken = new Set(
    others.flatMap((other) => ((other['spec'] as ServiceSpec).ports ?? []).map(({ nodePort }) => nodePort)),
  );
  for (const port of spec.ports ?? []) {
    for (let offset = 0; port.nodePort === undefined && offset < NODE_PORTS; offset += 1)
      if (!taken.has(FIRST_NODE_PORT + offset)) port.nodePort = FIRST_NODE_PORT + offset;
    taken.add(port.nodePort);
  }
}
