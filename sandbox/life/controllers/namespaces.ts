import type { KubeObject } from '@krateyard/kube/meta/object';
import { isAlreadyExists, isForbidden, isNotFound } from '@krateyard/status/status-error';
import type { Collections } from '../collections.ts';
import type { ControllerContext } from '../controller-context.ts';
import { isDeleting } from '../pod-state.ts';
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
  let left = 0;
  for (const { gvr, namespaced } of collections.all()) {
    if (!namespaced) continue;
    for (const object of Array.from(world.mirror<KubeObject>(gvr).inNamespace(name))) {
      if (!isDeleting(object)) await world.remove(gvr, object, { propagationPolicy: 'Background' });
    }
    left += Array.from(world.mirror<KubeObject>(gvr).inNamespace(name)).length;
  }
  if (left > 0) return AGAIN_MS;
  for (const event of Array.from(world.mirror<KubeObject>(RESOURCES.events).inNamespace(name)))
    await world.remove(RESOURCES.events, event);
  await world.client.patch(RESOURCES.namespaces, name, undefined, { spec: { finalizers: [] } }, 'finalize');
  return undefined;
}
