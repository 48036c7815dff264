import type { KubeObject } from '@krateyard/kube/meta/object';
import { methodNotSupported } from './api-errors.ts';
import { patchedObject, type ObjectPatcher, type PatchKind, type PatchOptions } from './object-patcher.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { scaleOf, scaledObject } from './scale.ts';
import type { ObjectName, WriteOptions } from './write-options.ts';

/** The parts of objects that have a path of their own, other than those that need a node. */
export class Subresources {
  readonly #writer: ObjectWriter;
  readonly #patcher: ObjectPatcher;

  constructor(writer: ObjectWriter, patcher: ObjectPatcher) {
    this.#writer = writer;
    this.#patcher = patcher;
  }

  get(definition: ResourceDefinition, at: ObjectName, name: string): KubeObject {
    const { object } = this.#writer.read(definition, at);
    return name === 'scale' ? scaleOf(definition, object) : object;
  }

  update(
    definition: ResourceDefinition,
    at: ObjectName,
    name: string,
    input: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    switch (name) {
      case 'status':
        return this.#writer.update(definition, at, input, { ...options, subresource: 'status' }).object;
      case 'scale':
        return this.#writeScale(definition, at, input, options);
      case 'finalize':
      case 'approval':
      case 'ephemeralcontainers':
      case 'resize':
        return this.#writer.update(definition, at, input, { ...options, subresource: name }).object;
      default:
        throw methodNotSupported(definition, 'update');
    }
  }

  patch(
    definition: ResourceDefinition,
    at: ObjectName,
    name: string,
    kind: PatchKind,
    patch: unknown,
    options: PatchOptions,
  ): KubeObject {
    if (name !== 'scale')
      return this.#patcher.patch(definition, at, kind, patch, { ...options, subresource: name }).stored
        .object;
    const current = scaleOf(definition, this.#writer.read(definition, at).object);
    const patched = patchedObject(definition, current, kind === 'json' ? 'json' : 'merge', patch);
    return this.#writeScale(definition, at, patched, options);
  }

  #writeScale(
    definition: ResourceDefinition,
    at: ObjectName,
    scale: KubeObject,
    options: WriteOptions,
  ): KubeObject {
    const { object } = this.#writer.read(definition, at);
    const scaled = scaledObject(definition, object, scale);
    return scaleOf(
      definition,
      this.#writer.update(definition, at, scaled, { ...options, subresource: 'scale' }).object,
    );
  }
}
