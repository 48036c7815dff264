import type { KubeObject, OwnerReference } from '@krateyard/kube/meta/object';
import { isForbidden, isNotFound } from '@krateyard/status/status-error';
import type { Collections, KnownCollection } from '../collections.ts';
import type { ControllerContext } from '../controller-context.ts';
import { isDeleting } from '../pod-state.ts';

interface Node {
  readonly collection: KnownCollection;
  object: KubeObject;
}

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Deletes what lost its owners, and works off the finalizers `orphan` and `foregroundDeletion`. */
export function addGarbageCollector(context: ControllerContext, collections: Collections): void {
  const { world, loop } = context;
  const nodes = new Map<string, Node>();
  const dependents = new Map<string, Set<string>>();
  const enqueue = loop.register('garbage-collector', async (uid) => {
    const node = nodes.get(uid);
    if (node) await collect(context, collections, { nodes, dependents }, node);
  });
  collections.forEach((collection) => {
    world.mirror(collection.gvr).onChange((object, old, gone) => {
      const uid = object.metadata.uid!;
      for (const owner of old?.metadata.ownerReferences ?? []) dependents.get(owner.uid)?.delete(uid);
      if (gone) {
        nodes.delete(uid);
        for (const child of dependents.get(uid) ?? []) enqueue(child);
        for (const owner of object.metadata.ownerReferences ?? []) wakeOwner(nodes, owner, enqueue);
        return;
      }
      nodes.set(uid, { collection, object });
      for (const owner of object.metadata.ownerReferences ?? []) {
        const children = dependents.get(owner.uid) ?? new Set();
        dependents.set(owner.uid, children.add(uid));
      }
      if (needsLook(object, old)) enqueue(uid);
    });
  });
}

interface Graph {
  readonly nodes: Map<string, Node>;
  readonly dependents: Map<string, Set<string>>;
}

function wakeOwner(nodes: Map<string, Node>, owner: OwnerReference, enqueue: (uid: string) => void): void {
  if (nodes.get(owner.uid)?.object.metadata.finalizers?.includes(FOREGROUND)) enqueue(owner.uid);
}

function needsLook(object: KubeObject, old: KubeObject | undefined): boolean {
  const { finalizers, ownerReferences } = object.metadata;
  if (isDeleting(object)) return (finalizers ?? []).some((each) => each === FOREGROUND || each === ORPHAN);
  return (ownerReferences ?? []).length > 0 && ownerReferences !== old?.metadata.ownerReferences;
}

async function collect(
  context: ControllerContext,
  collections: Collections,
  graph: Graph,
  node: Node,
): Promise<void> {
  const { object } = node;
  const finalizers = object.metadata.finalizers ?? [];
  const children = [...(graph.dependents.get(object.metadata.uid!) ?? [])].flatMap(
    (uid) => graph.nodes.get(uid) ?? [],
  );
  if (isDeleting(object)) {
    if (finalizers.includes(ORPHAN)) await orphan(context, node, children);
    else if (finalizers.includes(FOREGROUND)) await foreground(context, node, children);
    return;
  }
  await checkOwners(context, collections, graph, node);
}

async function orphan(context: ControllerContext, node: Node, children: readonly Node[]): Promise<void> {
  const { uid } = node.object.metadata;
  for (const child of children) {
    const ownerReferences = child.object.metadata.ownerReferences!.filter((owner) => owner.uid !== uid);
    await context.world.patch(child.collection.gvr, child.object, { metadata: { ownerReferences } });
  }
  await dropFinalizer(context, node, ORPHAN);
}

async function foreground(context: ControllerContext, node: Node, children: readonly Node[]): Promise<void> {
  for (const child of children) {
    if (isDeleting(child.object)) continue;
    await context.world.remove(child.collection.gvr, child.object, { propagationPolicy: 'Foreground' });
  }
  const { uid } = node.object.metadata;
  const blocking = children.filter(({ object }) =>
    object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
  );
  const left = blocking.filter(({ collection, object }) =>
    context.world
      .mirror(collection.gvr)
      .get(
        object.metadata.namespace
          ? `${object.metadata.namespace}/${object.metadata.name}`
          : object.metadata.name!,
      ),
  );
  if (left.length === 0) await dropFinalizer(context, node, FOREGROUND);
}

async function dropFinalizer(context: ControllerContext, node: Node, finalizer: string): Promise<void> {
  const finalizers = (node.object.metadata.finalizers ?? []).filter((each) => each !== finalizer);
  await context.world.patch(node.collection.gvr, node.object, { metadata: { finalizers } });
}

async function checkOwners(
  context: ControllerContext,
  collections: Collections,
  graph: Graph,
  node: Node,
): Promise<void> {
  const { object, collection } = node;
  const owners = object.metadata.ownerReferences ?? [];
  // Let go of since it was queued.
  if (owners.length === 0) return;
  const gone: OwnerReference[] = [];
  let waiting = 0;
  for (const owner of owners) {
    const found = graph.nodes.get(owner.uid);
    if (found?.object.metadata.finalizers?.includes(FOREGROUND) && isDeleting(found.object)) waiting += 1;
    if (!found && (await isAbsent(context, collections, object, owner))) gone.push(owner);
  }
  if (gone.length === 0 && waiting < owners.length) return;
  if (gone.length + waiting === owners.length) {
    const propagationPolicy = waiting > 0 ? 'Foreground' : 'Background';
    await context.world.remove(collection.gvr, object, { propagationPolicy });
    return;
  }
  const kept = owners.filter((owner) => !gone.includes(owner));
  await context.world.patch(collection.gvr, object, { metadata: { ownerReferences: kept } });
}

/** Asked of the API itself: at the start an owner may not have been seen yet. A kind that nobody knows is not judged. */
async function isAbsent(
  context: ControllerContext,
  collections: Collections,
  child: KubeObject,
  owner: OwnerReference,
): Promise<boolean> {
  const collection = collections.ofKind(owner.apiVersion, owner.kind);
  if (!collection) return false;
  try {
    const namespace = collection.namespaced ? child.metadata.namespace : undefined;
    const found = await context.world.client.get(collection.gvr, owner.name, namespace);
    return found.metadata.uid !== owner.uid;
  } catch (error) {
    if (isNotFound(error)) return true;
    if (isForbidden(error)) return false;
    throw error;
  }
}
