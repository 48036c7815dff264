import { parseGroupVersion, type GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isAlreadyExists } from '@krateyard/status/status-error';
import type { LocalClient } from '../api/local-client.ts';

/** Plurals that are not the kind in lower case with an s. */
const PLURALS: Readonly<Record<string, string>> = {
  Ingress: 'ingresses',
  IngressClass: 'ingressclasses',
  NetworkPolicy: 'networkpolicies',
  StorageClass: 'storageclasses',
  PriorityClass: 'priorityclasses',
  Endpoints: 'endpoints',
};

export function resourceOf(object: KubeObject): GroupVersionResource {
  const kind = object.kind!;
  return { ...parseGroupVersion(object.apiVersion!), resource: PLURALS[kind] ?? `${kind.toLowerCase()}s` };
}

/** Creates objects one after the other, those that are there already left as they are; a status is written where one is given. */
export async function writeAll(client: LocalClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const gvr = resourceOf(object);
    const { status, ...wanted } = object;
    try {
      // Nodes bring their status along, as kubelets register with theirs.
      await client.create(gvr, (gvr.resource === 'nodes' ? object : wanted) as KubeObject);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      continue;
    }
    if (status !== undefined && gvr.resource !== 'nodes')
      await client.patch(gvr, object.metadata.name!, object.metadata.namespace, { status }, 'status');
  }
}
