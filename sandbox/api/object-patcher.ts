import type { KubeObject } from '@krateyard/kube/meta/object';
import { isStatusError, StatusError } from '@krateyard/status/status-error';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { cloneJson } from '../store/json-value.ts';
import type { StoredRevision } from '../store/stored-revision.ts';
import { timestamp, type ApiServerContext } from './api-server-context.ts';
import { badRequest, invalid, notFound } from './api-errors.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import type { ObjectName, WriteOptions } from './write-options.ts';
import { isObject } from '../schema/schema-node.ts';

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

export const PATCH_TYPES: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export interface PatchOptions extends WriteOptions {
  readonly subresource?: string;
  readonly force: boolean;
}

export interface Patched {
  readonly stored: StoredRevision;
  readonly created: boolean;
}

/** Applies the four kinds of patches to stored objects. */
export class ObjectPatcher {
  readonly #context: ApiServerContext;
  readonly #writer: ObjectWriter;

  constructor(context: ApiServerContext, writer: ObjectWriter) {
    this.#context = context;
    this.#writer = writer;
  }

  patch(
    definition: ResourceDefinition,
    at: ObjectName,
    kind: PatchKind,
    patch: unknown,
    options: PatchOptions,
  ): Patched {
    if (kind === 'apply') return this.#apply(definition, at, patch, options);
    const current = this.#writer.read(definition, at);
    const patched = patchedObject(definition, current.object, kind, patch);
    const stored = strictAsInvalid(definition, at, patch, () =>
      this.#writer.update(definition, at, patched, options),
    );
    return { stored, created: false };
  }

  #apply(definition: ResourceDefinition, at: ObjectName, patch: unknown, options: PatchOptions): Patched {
    if (!isObject(patch)) throw badRequest('error decoding patch: an apply patch must be an object');
    const live = this.#writer.find(definition, at);
    if (!live && options.subresource !== undefined) throw notFound(definition, at.name);
    const applied = this.#writer.decode(definition, at.namespace, asObject(patch), options);
    if ((applied.metadata.managedFields ?? []).length > 0)
      throw badRequest('metadata.managedFields must be nil');
    applied.metadata.name ??= at.name;
    const { resourceVersion, uid } = applied.metadata;
    const merged = definition.schema.apply(live && cloneJson(live.object), applied, {
      manager: options.fieldManager,
      force: options.force,
      time: timestamp(this.#context.clock),
      ...(options.subresource !== undefined && { subresource: options.subresource }),
    });
    const tracked = { ...options, fieldsTracked: true };
    if (!live)
      return { stored: this.#writer.create(definition, at.namespace, merged, tracked), created: true };
    merged.metadata.resourceVersion = resourceVersion ?? live.object.metadata.resourceVersion ?? '';
    if (uid !== undefined) merged.metadata.uid = uid;
    return { stored: this.#writer.update(definition, at, merged, tracked), created: false };
  }
}

/** In a patch an unknown field is the patch's fault, not the body's: 422, not 400. */
function strictAsInvalid<T>(
  definition: ResourceDefinition,
  at: ObjectName,
  patch: unknown,
  update: () => T,
): T {
  try {
    return update();
  } catch (error) {
    const strict = isStatusError(error) && /strict decoding error: .*$/.exec(error.message)?.[0];
    if (strict === false || strict === undefined) throw error;
    const shown = JSON.stringify(JSON.stringify(patch));
    throw invalid(definition, at.name, [
      { field: 'patch', reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${strict}` },
    ]);
  }
}

/** `object` with a patch other than apply; always a new object. */
export function patchedObject(
  definition: ResourceDefinition,
  object: KubeObject,
  kind: Exclude<PatchKind, 'apply'>,
  patch: unknown,
): KubeObject {
  const copy = cloneJson(object);
  const patched = inKubernetesWords(() => {
    if (kind === 'json') return applyJsonPatch(copy, patch);
    if (!isObject(patch)) throw badRequest('error decoding patch: the patch must be an object');
    return kind === 'merge' ? applyMergePatch(copy, patch) : definition.schema.strategicMerge(copy, patch);
  });
  return asObject(patched);
}

function asObject(value: object): KubeObject {
  const { metadata } = value as { metadata?: unknown };
  if (metadata !== undefined && !isObject(metadata)) throw badRequest('metadata must be an object');
  return { ...value, metadata: { ...metadata } };
}

function inKubernetesWords<T>(patch: () => T): T {
  try {
    return patch();
  } catch (error) {
    if (isStatusError(error)) throw error;
    throw new StatusError('BadRequest', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}
