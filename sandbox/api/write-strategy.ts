import type { KubeObject } from '@krateyard/kube/meta/object';
import { cloneJson, equalJson } from '../store/json-value.ts';
import { qualifiedResource, type ResourceDefinition } from './resource-definition.ts';

/** What a new object may bring along, in place: `status` is for controllers to tell, but nodes register with theirs. */
export function keepForCreate(definition: ResourceDefinition, object: KubeObject): void {
  const resource = qualifiedResource(definition);
  if (definition.hasStatus && resource !== 'nodes') delete object['status'];
  switch (resource) {
    case 'pods':
      object['status'] = { phase: 'Pending', qosClass: 'BestEffort' };
      break;
    case 'persistentvolumes':
    case 'persistentvolumeclaims':
      object['status'] = { phase: 'Pending' };
      break;
    case 'namespaces':
      object['spec'] = { ...(object['spec'] as object), finalizers: ['kubernetes'] };
      object['status'] = { phase: 'Active' };
      break;
    default:
  }
}

/** The object that replaces `old`: what this path may not write is as it was. */
export function keepForUpdate(
  definition: ResourceDefinition,
  old: KubeObject,
  incoming: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const object = partUpdate(definition, old, incoming, subresource);
  if (qualifiedResource(definition) === 'namespaces' && subresource !== 'finalize')
    keepNamespaceFinalizers(old, object);
  const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds, selfLink } =
    old.metadata;
  Object.assign(object.metadata, {
    uid,
    creationTimestamp,
    generation,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    selfLink,
    resourceVersion: old.metadata.resourceVersion,
    generateName: old.metadata.generateName,
  });
  object.metadata.managedFields = incoming.metadata.managedFields ?? old.metadata.managedFields ?? [];
  return cloneJson(object);
}

function partUpdate(
  definition: ResourceDefinition,
  old: KubeObject,
  incoming: KubeObject,
  subresource: string | undefined,
): KubeObject {
  switch (subresource) {
    case 'status':
    case 'approval':
      return statusUpdate(definition, old, incoming);
    case 'binding':
      return { ...old, spec: incoming['spec'], status: incoming['status'], metadata: { ...old.metadata } };
    case undefined:
    default:
      return mainUpdate(definition, old, incoming);
  }
}

function statusUpdate(definition: ResourceDefinition, old: KubeObject, incoming: KubeObject): KubeObject {
  const metadata = definition.custom
    ? { ...old.metadata }
    : { ...incoming.metadata, ownerReferences: old.metadata.ownerReferences ?? [] };
  if (!definition.custom && old.metadata.ownerReferences === undefined) delete metadata.ownerReferences;
  return { ...old, metadata, status: incoming['status'] };
}

function mainUpdate(definition: ResourceDefinition, old: KubeObject, incoming: KubeObject): KubeObject {
  const object: KubeObject = { ...incoming, metadata: { ...incoming.metadata } };
  if (definition.hasStatus) {
    if (old['status'] === undefined) delete object['status'];
    else object['status'] = old['status'];
  }
  return object;
}

/** `spec.finalizers` is written through the subresource `finalize` only. */
function keepNamespaceFinalizers(old: KubeObject, object: KubeObject): void {
  const { finalizers } = (old['spec'] ?? {}) as { finalizers?: string[] };
  object['spec'] = { ...(object['spec'] as object), ...(finalizers && { finalizers }) };
}

/** True where something that is wanted (not metadata, not status) has changed. */
export function bumpsGeneration(
  definition: ResourceDefinition,
  old: KubeObject,
  object: KubeObject,
): boolean {
  if (!definition.hasGeneration) return false;
  const wanted = (of: KubeObject): unknown => ({
    ...of,
    metadata: undefined,
    ...(definition.hasStatus && { status: undefined }),
  });
  return !equalJson(wanted(old), wanted(object));
}
