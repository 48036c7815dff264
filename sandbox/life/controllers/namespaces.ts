import type { KubeObject } from '@krateyard/kube/meta/object';
import { isAlreadyExists, isForbidden, isNotFound } from '@krateyard/status/status-error';
import type { Collections } from '../collections.ts';
import type { ControllerContext } from '../controller-context.ts';
import { isDeleting, withCondition } from '../pod-state.ts';
import type { Condition } from '../pod-types.ts';
import { RESOURCES } from '../resources.ts';

const AGAIN_MS = 1000;

/** Gives every namespace its default ServiceAccount and root CA, and empties those that are deleted before they go. */
export function addNamespaceControllers(
  context: ControllerContext,
  collections: Collections,
  caCertificate: () => string,
): void {
  const { world, loop } = context;
  const namespaces = world.mirror<KubeObject>(RESOURCES.namespaces);
  const enqueue = loop.register('namespaces', async (key) => {
    const namespace = namespaces.get(key);
    if (!namespace) return undefined;
    if (isDeleting(namespace)) return empty(context, collections, namespace);
    return furnish(context, key, caCertificate());
  });
  namespaces.onChange((namespace, old) => {
    if (!old || isDeleting(namespace)) enqueue(namespace.metadata.name!);
  });
  for (const gvr of [RESOURCES.serviceAccounts, RESOURCES.configMaps])
    world.mirror<KubeObject>(gvr).onChange((object, _old, gone) => {
      if (gone) enqueue(object.metadata.namespace!);
    });
  collections.forEach(({ gvr, namespaced }) => {
    if (!namespaced) return;
    world.mirror<KubeObject>(gvr).onChange((object, _old, gone) => {
      const namespace = gone ? namespaces.get(object.metadata.namespace!) : undefined;
      if (namespace && isDeleting(namespace)) enqueue(namespace.metadata.name!);
    });
  });
}

async function furnish(
  context: ControllerContext,
  namespace: string,
  caCertificate: string,
): Promise<undefined> {
  const { world } = context;
  const accounts = world.mirror<KubeObject>(RESOURCES.serviceAccounts);
  const maps = world.mirror<KubeObject>(RESOURCES.configMaps);
  try {
    if (!accounts.get(`${namespace}/default`))
      await world.create<KubeObject>(RESOURCES.serviceAccounts, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace },
      });
    if (!maps.get(`${namespace}/kube-root-ca.crt`))
      await world.create<KubeObject>(RESOURCES.configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'kube-root-ca.crt',
          namespace,
          annotations: {
            'kubernetes.io/description':
              'Holds the CA certificate that signs the API server of this sandbox.',
          },
        },
        data: { 'ca.crt': caCertificate },
      });
  } catch (error) {
    if (!isAlreadyExists(error) && !isNotFound(error) && !isForbidden(error)) throw error;
  }
  return undefined;
}

async function empty(
  context: ControllerContext,
  collections: Collections,
  namespace: KubeObject,
): Promise<number | void> {
  const { world } = context;
  const name = namespace.metadata.name!;
  const left: KubeObject[] = [];
  for (const { gvr, namespaced } of collections.all()) {
    if (!namespaced) continue;
    for (const object of Array.from(world.mirror<KubeObject>(gvr).inNamespace(name))) {
      if (!isDeleting(object)) await world.remove(gvr, object, { propagationPolicy: 'Background' });
    }
    left.push(...world.mirror<KubeObject>(gvr).inNamespace(name));
  }
  if (left.length > 0) {
    await tellLeft(context, namespace, left);
    return AGAIN_MS;
  }
  for (const event of Array.from(world.mirror<KubeObject>(RESOURCES.events).inNamespace(name)))
    await world.remove(RESOURCES.events, event);
  await world.client.patch(RESOURCES.namespaces, name, undefined, { spec: { finalizers: [] } }, 'finalize');
  return undefined;
}

/** Why the namespace is still there: content that remains, and finalizers that hold it. */
async function tellLeft(
  context: ControllerContext,
  namespace: KubeObject,
  left: readonly KubeObject[],
): Promise<void> {
  const { world } = context;
  const held = left.filter((object) => (object.metadata.finalizers ?? []).length > 0);
  const finalizers = [...new Set(held.flatMap((object) => object.metadata.finalizers ?? []))].toSorted(
    compare,
  );
  const time = world.time();
  const status = (namespace['status'] ?? {}) as { conditions?: readonly Condition[] };
  const told: readonly Condition[] = [
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${left.length}`,
    },
    {
      type: 'NamespaceFinalizersRemaining',
      status: held.length > 0 ? 'True' : 'False',
      reason: held.length > 0 ? 'SomeFinalizersRemain' : 'ContentHasNoFinalizers',
      message:
        held.length > 0
          ? `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`
          : 'All content-preserving finalizers finished',
    },
  ];
  const known = (next: Condition): boolean =>
    status.conditions?.some(({ type, message }) => type === next.type && message === next.message) ?? false;
  if (told.every(known)) return;
  let conditions = status.conditions;
  for (const next of told) conditions = withCondition(conditions, next, time);
  await world.patchStatus(RESOURCES.namespaces, namespace, { conditions });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
