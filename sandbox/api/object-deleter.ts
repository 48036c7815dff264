import { formatKey } from '@krateyard/kube/meta/object-key';
import type { KubeObject, ObjectMeta } from '@krateyard/kube/meta/object';
import { cloneJson } from '../store/json-value.ts';
import { StoredRevision } from '../store/stored-revision.ts';
import { conflict } from './api-errors.ts';
import { collectionOf, timestamp, type ApiServerContext } from './api-server-context.ts';
import type { ObjectWriter } from './object-writer.ts';
import { viewOf } from './object-view.ts';
import { qualifiedResource, type ResourceDefinition } from './resource-definition.ts';
import type { UserInfo } from './user.ts';
import type { ObjectName } from './write-options.ts';

/** The parts of `meta/v1 DeleteOptions` that matter here. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface Deletion {
  /** The object's last state, or the state in which it waits. */
  readonly stored: StoredRevision;
  /** False while finalizers or a kubelet keep it. */
  readonly gone: boolean;
}

const DEFAULT_POD_GRACE_SECONDS = 30;

/** Deletes at once, or marks as deleted what finalizers, a grace period or the namespace controller still hold. */
export class ObjectDeleter {
  readonly #context: ApiServerContext;
  readonly #writer: ObjectWriter;

  constructor(context: ApiServerContext, writer: ObjectWriter) {
    this.#context = context;
    this.#writer = writer;
  }

  delete(
    definition: ResourceDefinition,
    at: ObjectName,
    options: DeleteOptions,
    by: { user: UserInfo; dryRun: boolean },
  ): Deletion {
    const old = this.#writer.read(definition, at).object;
    checkPreconditions(definition, at, old, options);
    const request = {
      operation: 'DELETE',
      definition,
      subresource: undefined,
      ...at,
      user: by.user,
    } as const;
    for (const admit of this.#context.admission) admit({ ...request, object: undefined, old });
    const finalizers = wantedFinalizers(old.metadata, options.propagationPolicy);
    const graceSeconds = graceFor(definition, old, options);
    const waits = finalizers.length > 0 || graceSeconds > 0 || isHeldNamespace(definition, old);
    if (!waits) return { stored: this.#writer.remove(definition, at, by.dryRun), gone: true };
    return {
      stored: this.#mark(definition, at, old, { finalizers, graceSeconds, dryRun: by.dryRun }),
      gone: false,
    };
  }

  #mark(
    definition: ResourceDefinition,
    at: ObjectName,
    old: KubeObject,
    wanted: { finalizers: string[]; graceSeconds: number; dryRun: boolean },
  ): StoredRevision {
    const object = cloneJson(old);
    const { metadata } = object;
    const first = metadata.deletionTimestamp === undefined;
    const shorter = !first && wanted.graceSeconds < (metadata.deletionGracePeriodSeconds ?? 0);
    if (!first && !shorter && sameNames(metadata.finalizers ?? [], wanted.finalizers))
      return this.#writer.read(definition, at);
    if (first || shorter) {
      metadata.deletionTimestamp = timestamp(this.#context.clock, wanted.graceSeconds * 1000);
      metadata.deletionGracePeriodSeconds = wanted.graceSeconds;
    }
    if (first && metadata.generation !== undefined) metadata.generation += 1;
    if (wanted.finalizers.length > 0) metadata.finalizers = wanted.finalizers;
    if (qualifiedResource(definition) === 'namespaces')
      object['status'] = { ...(object['status'] as object), phase: 'Terminating' };
    const stored = definition.conversion?.toStorage(object) ?? object;
    const key = formatKey(at);
    if (wanted.dryRun)
      return viewOf(definition, new StoredRevision(key, this.#context.store.current, stored));
    return viewOf(definition, collectionOf(this.#context, definition).put(key, stored));
  }
}

function checkPreconditions(
  definition: ResourceDefinition,
  at: ObjectName,
  old: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions;
  if (uid !== undefined && uid !== old.metadata.uid)
    throw conflict(
      definition,
      at.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion)
    throw conflict(
      definition,
      at.name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion}`,
    );
}

/** The finalizers that the propagation policy asks the garbage collector to work off. */
function wantedFinalizers(metadata: ObjectMeta, policy: DeleteOptions['propagationPolicy']): string[] {
  const others = (metadata.finalizers ?? []).filter(
    (name) => name !== 'orphan' && name !== 'foregroundDeletion',
  );
  if (policy === 'Orphan') return [...others, 'orphan'];
  if (policy === 'Foreground') return [...others, 'foregroundDeletion'];
  if (policy === 'Background') return others;
  return metadata.finalizers ?? [];
}

/** Only pods are deleted gracefully, and only where a kubelet may have started them. */
function graceFor(definition: ResourceDefinition, old: KubeObject, options: DeleteOptions): number {
  if (qualifiedResource(definition) !== 'pods') return 0;
  const spec = (old['spec'] ?? {}) as { nodeName?: string; terminationGracePeriodSeconds?: number };
  const { phase } = (old['status'] ?? {}) as { phase?: string };
  if ((spec.nodeName ?? '') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  const asked = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? DEFAULT_POD_GRACE_SECONDS;
  const pending = old.metadata.deletionGracePeriodSeconds;
  return Math.max(0, pending === undefined ? asked : Math.min(asked, pending));
}

/** A namespace goes when its controller has emptied it and taken `kubernetes` off `spec.finalizers`. */
function isHeldNamespace(definition: ResourceDefinition, old: KubeObject): boolean {
  if (qualifiedResource(definition) !== 'namespaces') return false;
  return ((old['spec'] as { finalizers?: string[] } | undefined)?.finalizers ?? []).length > 0;
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.includes(name));
