import { formatGroupVersion, type GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { formatKey } from '@krateyard/kube/meta/object-key';
import type { KubeList, KubeObject, WatchEvent } from '@krateyard/kube/meta/object';
import type { Collection } from '../store/collection.ts';
import { cloneJson } from '../store/json-value.ts';
import { WatchCursor } from '../store/watch-cursor.ts';
import { collectionOf, timestamp, type ApiServerContext } from './api-server-context.ts';
import { noSuchResource } from './api-errors.ts';
import { parseFilter } from './field-labels.ts';
import type { LocalClient, LocalListOptions, LocalWriteOptions } from './local-client.ts';
import type { ObjectDeleter } from './object-deleter.ts';
import { listObjects } from './object-lister.ts';
import type { ObjectPatcher } from './object-patcher.ts';
import { viewOf, withTypeFirst } from './object-view.ts';
import { randomUid } from './random-names.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import type { Subresources } from './subresources.ts';
import type { UserInfo } from './user.ts';
import type { ObjectName, WriteOptions } from './write-options.ts';

export interface ApiParts {
  readonly context: ApiServerContext;
  readonly writer: ObjectWriter;
  readonly deleter: ObjectDeleter;
  readonly patcher: ObjectPatcher;
  readonly subresources: Subresources;
}

/** How many changes a local watch is told of before others get their turn. */
const WATCH_BATCH = 1000;

/** A LocalClient that acts as `user`. It is trusted: rights are not checked. */
export function createInProcessClient(parts: ApiParts, user: UserInfo): LocalClient {
  const { context, writer, deleter, patcher, subresources } = parts;
  const definitionOf = (gvr: GroupVersionResource): ResourceDefinition => {
    const definition = context.registry.byResource(gvr);
    if (!definition) throw noSuchResource();
    return definition;
  };
  const write = (options: LocalWriteOptions = {}): WriteOptions => ({
    user,
    dryRun: options.dryRun === true,
    fieldManager: options.fieldManager ?? user.username.replace(/^system:/, ''),
    fieldValidation: 'Strict',
    warnings: [],
  });
  return {
    get: async <T extends KubeObject>(gvr: GroupVersionResource, name: string, namespace = '') =>
      cloneJson(writer.read(definitionOf(gvr), { namespace, name }).object) as T,
    list: async <T extends KubeObject>(gvr: GroupVersionResource, options: LocalListOptions = {}) =>
      listLocally<T>(context, definitionOf(gvr), options),
    create: async <T extends KubeObject>(
      gvr: GroupVersionResource,
      object: T,
      options?: LocalWriteOptions,
    ) => {
      const definition = definitionOf(gvr);
      const input = cloneJson<KubeObject>(object);
      const stored = writer.create(definition, object.metadata.namespace ?? '', input, write(options));
      return cloneJson(stored.object) as T;
    },
    seed: (gvr, object) => seedObject(context, definitionOf(gvr), object),
    update: async <T extends KubeObject>(
      gvr: GroupVersionResource,
      object: T,
      options?: LocalWriteOptions,
    ) => {
      const stored = writer.update(
        definitionOf(gvr),
        nameOf(object),
        cloneJson<KubeObject>(object),
        write(options),
      );
      return cloneJson(stored.object) as T;
    },
    updateStatus: async <T extends KubeObject>(gvr: GroupVersionResource, object: T) => {
      const options = { ...write(), subresource: 'status' };
      const stored = writer.update(definitionOf(gvr), nameOf(object), cloneJson<KubeObject>(object), options);
      return cloneJson(stored.object) as T;
    },
    patch: async <T extends KubeObject>(
      gvr: GroupVersionResource,
      name: string,
      namespace: string | undefined,
      patch: object,
      subresource?: string,
    ) => {
      const at = { namespace: namespace ?? '', name };
      const definition = definitionOf(gvr);
      if (subresource !== undefined && subresource !== 'status')
        return cloneJson(
          subresources.patch(definition, at, subresource, 'merge', patch, { ...write(), force: false }),
        ) as T;
      const options = { ...write(), force: false, ...(subresource !== undefined && { subresource }) };
      return cloneJson(patcher.patch(definition, at, 'merge', patch, options).stored.object) as T;
    },
    delete: async (gvr, name, namespace = '', options = {}) => {
      deleter.delete(definitionOf(gvr), { namespace, name }, options, { user, dryRun: false });
    },
    watch: <T extends KubeObject>(
      gvr: GroupVersionResource,
      onEvent: (event: WatchEvent<T>) => void,
      signal: AbortSignal,
    ) => watchLocally(context, definitionOf(gvr), onEvent as (event: WatchEvent) => void, signal),
  };
}

function seedObject(context: ApiServerContext, definition: ResourceDefinition, object: KubeObject): void {
  const metadata = {
    ...object.metadata,
    uid: object.metadata.uid ?? randomUid(context.random),
    creationTimestamp: object.metadata.creationTimestamp ?? timestamp(context.clock),
    ...(definition.hasGeneration && { generation: 1 }),
  };
  const seeded = withTypeFirst(definition, { ...cloneJson(object), metadata });
  // As if it had been created: else its first update would seem to change what only defaults fill in.
  definition.schema.applyDefaults(seeded);
  collectionOf(context, definition).put(formatKey(nameOf(object)), seeded);
}

function nameOf({ metadata }: KubeObject): ObjectName {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

function listLocally<T extends KubeObject>(
  context: ApiServerContext,
  definition: ResourceDefinition,
  options: LocalListOptions,
): KubeList<T> {
  const filter = parseFilter(definition, options.labelSelector, options.fieldSelector);
  const { items, revision } = listObjects(context, definition, { namespace: options.namespace, filter });
  return {
    kind: `${definition.kind}List`,
    apiVersion: formatGroupVersion(definition),
    metadata: { resourceVersion: String(revision) },
    items: items.map(({ object }) => cloneJson(object) as T),
  };
}

/** Snapshot first, then the collection's history from there: the cursor leaves no gap between the two. */
function watchLocally(
  context: ApiServerContext,
  definition: ResourceDefinition,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal,
): void {
  const collection = collectionOf(context, definition);
  let cursor: WatchCursor | undefined;
  const follow = (): void => {
    if (signal.aborted) return;
    cursor ??= tellPresent(context, collection, definition, onEvent);
    for (;;) {
      const events = cursor.read(WATCH_BATCH);
      if (events === 'expired') {
        // Whoever follows in this process reads each change as it happens: what was forgotten had been read.
        cursor.skipTo(collection.history.completeAfter);
        continue;
      }
      if (events.length === 0) return;
      for (const { type, current } of events) {
        if (signal.aborted) return;
        onEvent({ type, object: viewOf(definition, current).object });
      }
    }
  };
  const stop = collection.onChange(follow);
  signal.addEventListener('abort', stop, { once: true });
  queueMicrotask(follow);
}

function tellPresent(
  context: ApiServerContext,
  collection: Collection,
  definition: ResourceDefinition,
  onEvent: (event: WatchEvent) => void,
): WatchCursor {
  const cursor = new WatchCursor(collection, context.store.current);
  for (const stored of collection.list())
    onEvent({ type: 'ADDED', object: viewOf(definition, stored).object });
  return cursor;
}
