import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import { formatKey } from '@krateyard/kube/meta/object-key';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import { cloneJson, equalJson } from '../store/json-value.ts';
import { StoredRevision } from '../store/stored-revision.ts';
import { alreadyExists, badRequest, conflict, invalid, modified, notFound } from './api-errors.ts';
import { collectionOf, timestamp, type ApiServerContext } from './api-server-context.ts';
import { checkLateFinalizers } from './finalizer-rules.ts';
import { checkName } from './object-names.ts';
import { viewOf, withTypeFirst } from './object-view.ts';
import { generateName, randomUid } from './random-names.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { keepForCreate, keepForUpdate, bumpsGeneration } from './write-strategy.ts';
import type { ObjectName, WriteOptions } from './write-options.ts';

/** A write that was worked out by other means than a client's whole object: a patch tracks its fields by itself. */
export interface UpdateOptions extends WriteOptions {
  readonly subresource?: string;
  /** The object has its `managedFields` already (server-side apply). */
  readonly fieldsTracked?: boolean;
}

/** Stores new objects and new revisions of old ones. Synchronous: what it read is what it replaces. */
export class ObjectWriter {
  readonly #context: ApiServerContext;

  constructor(context: ApiServerContext) {
    this.#context = context;
  }

  read(definition: ResourceDefinition, at: ObjectName): StoredRevision {
    const stored = collectionOf(this.#context, definition).get(formatKey(at));
    if (!stored) throw notFound(definition, at.name);
    return viewOf(definition, stored);
  }

  find(definition: ResourceDefinition, at: ObjectName): StoredRevision | undefined {
    const stored = collectionOf(this.#context, definition).get(formatKey(at));
    return stored && viewOf(definition, stored);
  }

  /** Stores `input`, which becomes the server's own. */
  create(
    definition: ResourceDefinition,
    namespace: string,
    input: KubeObject,
    options: UpdateOptions,
  ): StoredRevision {
    const object = this.decode(definition, namespace, input, options);
    if ((object.metadata.resourceVersion ?? '') !== '')
      throw new StatusError('BadRequest', 'resourceVersion should not be set on objects to be created');
    this.#giveIdentity(definition, object);
    keepForCreate(definition, object);
    definition.schema.applyDefaults(object);
    const at = { namespace, name: object.metadata.name ?? '' };
    this.#admit('CREATE', definition, at, options, object, undefined);
    const errors = [...checkName(definition, at.name), ...definition.schema.validate(object)];
    if (errors.length > 0) throw invalid(definition, at.name, errors);
    if (collectionOf(this.#context, definition).get(formatKey(at))) throw alreadyExists(definition, at.name);
    if (!options.fieldsTracked) this.#track(definition, undefined, object, options);
    return this.#commit(definition, at, object, options);
  }

  /** Replaces the object, or the part of it that `options.subresource` names. */
  update(
    definition: ResourceDefinition,
    at: ObjectName,
    input: KubeObject,
    options: UpdateOptions,
  ): StoredRevision {
    const incoming = this.decode(definition, at.namespace, input, options);
    if ((incoming.metadata.name ?? '') === '') incoming.metadata.name = at.name;
    if (incoming.metadata.name !== at.name)
      throw badRequest(
        `the name of the object (${incoming.metadata.name}) does not match the name on the URL (${at.name})`,
      );
    const old = this.read(definition, at);
    this.#checkPreconditions(definition, at, old.object, incoming, options);
    const object = keepForUpdate(definition, old.object, incoming, options.subresource);
    definition.schema.applyDefaults(object);
    this.#admit('UPDATE', definition, at, options, object, old.object);
    if (bumpsGeneration(definition, old.object, object))
      object.metadata.generation = (old.object.metadata.generation ?? 0) + 1;
    const errors = [
      ...checkLateFinalizers(object, old.object),
      ...definition.schema.validate(object, old.object),
    ];
    if (errors.length > 0) throw invalid(definition, at.name, errors);
    if (equalUntracked(old.object, object, givesOwners(old.object, incoming, options))) return old;
    if (!options.fieldsTracked) this.#track(definition, old.object, object, options);
    if (isFinished(object)) return this.remove(definition, at, options.dryRun, object);
    return this.#commit(definition, at, object, options);
  }

  /** Removes an object for good; gives its last state, which is `last` if the same request changed it. */
  remove(definition: ResourceDefinition, at: ObjectName, dryRun: boolean, last?: KubeObject): StoredRevision {
    const collection = collectionOf(this.#context, definition);
    const final = last && cloneJson(definition.conversion?.toStorage(last) ?? last);
    const stored = dryRun ? collection.get(formatKey(at)) : collection.remove(formatKey(at), final);
    if (!stored) throw notFound(definition, at.name);
    return viewOf(definition, stored);
  }

  /** What a client sent, checked to be of this resource and namespace and freed of fields that its type does not have. */
  decode(
    definition: ResourceDefinition,
    namespace: string,
    input: KubeObject,
    options: Pick<WriteOptions, 'fieldValidation' | 'warnings'>,
  ): KubeObject {
    const apiVersion = formatGroupVersion(definition);
    const { kind = definition.kind, apiVersion: given = apiVersion } = input;
    if (given !== apiVersion)
      throw badRequest(
        `the API version in the data (${given}) does not match the expected API version (${apiVersion})`,
      );
    if (kind !== definition.kind)
      throw badRequest(
        `${kind} in version "${definition.version}" cannot be handled as a ${definition.kind}`,
      );
    const object = withTypeFirst(definition, input);
    object.metadata = { ...object.metadata };
    checkNamespace(definition, namespace, object);
    dropEmpty(object.metadata);
    const unknown = definition.schema.prune(object);
    reportUnknown(definition, unknown, options);
    return object;
  }

  #giveIdentity(definition: ResourceDefinition, object: KubeObject): void {
    const { metadata } = object;
    const { random, clock } = this.#context;
    const stem = metadata.generateName ?? '';
    if ((metadata.name ?? '') === '' && stem !== '') metadata.name = generateName(stem, random);
    metadata.uid = randomUid(random);
    metadata.creationTimestamp = timestamp(clock);
    delete metadata.resourceVersion;
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
    delete metadata.selfLink;
    delete metadata.generation;
    if (definition.hasGeneration) metadata.generation = 1;
  }

  #checkPreconditions(
    definition: ResourceDefinition,
    at: ObjectName,
    old: KubeObject,
    incoming: KubeObject,
    options: UpdateOptions,
  ): void {
    const { uid, resourceVersion = '' } = incoming.metadata;
    if (uid !== undefined && uid !== '' && uid !== old.metadata.uid)
      throw conflict(
        definition,
        at.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
      );
    if (resourceVersion === '') {
      if (definition.custom && options.subresource === undefined)
        throw invalid(definition, at.name, [MUST_BE_GIVEN]);
      return;
    }
    if (resourceVersion !== old.metadata.resourceVersion) throw modified(definition, at.name);
  }

  #admit(
    operation: 'CREATE' | 'UPDATE',
    definition: ResourceDefinition,
    at: ObjectName,
    options: UpdateOptions,
    object: KubeObject,
    old: KubeObject | undefined,
  ): void {
    const request = {
      operation,
      definition,
      ...at,
      user: options.user,
      object,
      old,
      subresource: options.subresource,
    };
    for (const admit of this.#context.admission) admit(request);
  }

  #track(
    definition: ResourceDefinition,
    before: KubeObject | undefined,
    after: KubeObject,
    options: UpdateOptions,
  ): void {
    const { fieldManager: manager, subresource } = options;
    const time = timestamp(this.#context.clock);
    const entries = definition.schema.trackUpdate(before, after, {
      manager,
      time,
      ...(subresource !== undefined && { subresource }),
    });
    if (entries.length > 0) after.metadata.managedFields = entries;
    else delete after.metadata.managedFields;
  }

  #commit(
    definition: ResourceDefinition,
    at: ObjectName,
    object: KubeObject,
    options: UpdateOptions,
  ): StoredRevision {
    const stored = definition.conversion?.toStorage(object) ?? object;
    const key = formatKey(at);
    if (options.dryRun)
      return viewOf(definition, new StoredRevision(key, this.#context.store.current, stored));
    return viewOf(definition, collectionOf(this.#context, definition).put(key, cloneJson(stored)));
  }
}

const MUST_BE_GIVEN = {
  field: 'metadata.resourceVersion',
  reason: 'FieldValueInvalid',
  message: 'Invalid value: 0: must be specified for an update',
} as const;

/** Marked as deleted, and nothing is left to wait for. */
function isFinished(object: KubeObject): boolean {
  const { metadata, kind } = object;
  const held =
    kind === 'Namespace' ? ((object['spec'] as { finalizers?: string[] } | undefined)?.finalizers ?? []) : [];
  return (
    metadata.deletionTimestamp !== undefined &&
    held.length === 0 &&
    (metadata.finalizers ?? []).length === 0 &&
    (metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}

const OMITTED_WHEN_EMPTY = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** Empty maps and lists of metadata are not stored, so that removing the last label leaves no trace. */
function dropEmpty(metadata: KubeObject['metadata']): void {
  for (const name of OMITTED_WHEN_EMPTY) {
    const value = metadata[name];
    if (value === null || (typeof value === 'object' && Object.keys(value).length === 0))
      delete metadata[name];
  }
}

function checkNamespace(definition: ResourceDefinition, namespace: string, object: KubeObject): void {
  const { metadata } = object;
  if (!definition.namespaced) {
    delete metadata.namespace;
    return;
  }
  if ((metadata.namespace ?? '') !== '' && metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  metadata.namespace = namespace;
}

function reportUnknown(
  definition: ResourceDefinition,
  paths: readonly string[],
  options: Pick<WriteOptions, 'fieldValidation' | 'warnings'>,
): void {
  const messages = paths.map((path) => `unknown field "${path}"`);
  if (messages.length === 0 || options.fieldValidation === 'Ignore') return;
  if (options.fieldValidation === 'Warn') {
    options.warnings.push(...messages);
    return;
  }
  const prefix = definition.custom
    ? ''
    : `${definition.kind} in version "${definition.version}" cannot be handled as a ${definition.kind}: `;
  throw badRequest(`${prefix}strict decoding error: ${messages.join(', ')}`);
}

/** Server-side apply says who owns what; others may hand in `managedFields` of their own. */
function givesOwners(old: KubeObject, incoming: KubeObject, options: UpdateOptions): boolean {
  if (options.fieldsTracked) return true;
  const given = incoming.metadata.managedFields;
  return given !== undefined && !equalJson(given, old.metadata.managedFields ?? []);
}

/** Nothing but who owns which field would change: then nothing is written, and no watcher wakes. */
function equalUntracked(old: KubeObject, object: KubeObject, withOwners: boolean): boolean {
  const bare = (of: KubeObject): unknown => ({
    ...of,
    metadata: {
      ...of.metadata,
      resourceVersion: undefined,
      managedFields: withOwners
        ? of.metadata.managedFields?.map((entry) => ({ ...entry, time: '' }))
        : undefined,
    },
  });
  return equalJson(bare(old), bare(object));
}
