import type { Principal } from '@krateyard/auth/principal';
import type { Client, DeleteOptions, PatchType, WriteOptions, Written } from '@krateyard/kube/client/client';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isStatusError, StatusError } from '@krateyard/status/status-error';
import type { KindDirectory } from './kind-directory.ts';
import { isSecret, presentable, withoutSizes } from './redact.ts';

export interface ObjectDeps {
  readonly directory: KindDirectory;
  readonly actingAs: (who: Principal) => Client;
  readonly now: () => number;
}

/** The object that a request is about, after discovery has confirmed the kind. */
export interface Target {
  readonly kind: ResourceKind;
  readonly name: string;
  /** undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined;
}

/** Everything done here is done as the person: the API server decides, and its audit names them. All reject with StatusError. */
export class ObjectActions {
  readonly #deps: ObjectDeps;

  constructor(deps: ObjectDeps) {
    this.#deps = deps;
  }

  async target(
    path: string,
    name: string,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<Target> {
    const kind = await this.#deps.directory.resolve(path, signal);
    return { kind, name, namespace: checkedNamespace(kind, namespace) };
  }

  /** With `managed` the object keeps its managedFields: who owns which field. A Secret never does. */
  async get(
    who: Principal,
    { kind, name, namespace }: Target,
    signal: AbortSignal,
    managed = false,
  ): Promise<KubeObject> {
    const object = await this.#deps.actingAs(who).get(kind, name, namespace, { signal });
    const shown = presentable(kind, typed(kind, object));
    const { managedFields } = object.metadata;
    if (!managed || !managedFields || isSecret(kind)) return shown;
    return { ...shown, metadata: { ...shown.metadata, managedFields } };
  }

  async create(
    who: Principal,
    path: string,
    namespace: string | undefined,
    body: unknown,
    options: WriteOptions,
  ): Promise<Written<KubeObject>> {
    const kind = await this.#deps.directory.resolve(path, options.signal);
    const object = checkedObject(kind, body);
    const at = checkedNamespace(kind, agreed('namespace', namespace, object.metadata.namespace));
    const placed = {
      ...object,
      metadata: { ...object.metadata, ...(at !== undefined && { namespace: at }) },
    };
    return shown(kind, await this.#deps.actingAs(who).create(kind, withoutSizes(kind, placed), options));
  }

  /** Server-side apply. */
  async apply(
    who: Principal,
    { kind, name, namespace }: Target,
    body: unknown,
    options: WriteOptions & { fieldManager: string; force?: boolean },
  ): Promise<Written<KubeObject>> {
    const object = checkedObject(kind, body);
    agreed('name', name, object.metadata.name);
    agreed('namespace', namespace, object.metadata.namespace);
    const { managedFields: _, resourceVersion: __, uid: ___, ...metadata } = object.metadata;
    const placed = {
      ...object,
      metadata: { ...metadata, name, ...(namespace !== undefined && { namespace }) },
    };
    const client = this.#deps.actingAs(who);
    return shown(kind, await client.apply(kind, withoutSizes(kind, placed), options).catch(rethrowMistyped));
  }

  async patch(
    who: Principal,
    { kind, name, namespace }: Target,
    type: PatchType,
    patch: unknown,
    options: WriteOptions,
  ): Promise<Written<KubeObject>> {
    return shown(kind, await this.#deps.actingAs(who).patch(kind, { name, namespace }, type, patch, options));
  }

  async delete(
    who: Principal,
    { kind, name, namespace }: Target,
    options: DeleteOptions,
  ): Promise<KubeObject | null> {
    const object = await this.#deps.actingAs(who).delete(kind, name, namespace, options);
    return object ? presentable(kind, typed(kind, object)) : null;
  }

  async scale(
    who: Principal,
    target: Target,
    replicas: number,
    options: WriteOptions,
  ): Promise<Written<KubeObject>> {
    const { kind, name, namespace } = target;
    if (!kind.subresources.includes('scale')) throw notAllowed(kind, 'scaled');
    const at = { name, namespace, subresource: 'scale' };
    return this.#deps.actingAs(who).patch(kind, at, 'merge', { spec: { replicas } }, options);
  }

  /** What `kubectl rollout restart` does: new pods, by a changed annotation of the pod template. */
  async restart(who: Principal, target: Target, options: WriteOptions): Promise<Written<KubeObject>> {
    const { kind, name, namespace } = target;
    if (kind.group !== 'apps' || !RESTARTABLE.has(kind.resource)) throw notAllowed(kind, 'restarted');
    const client = this.#deps.actingAs(who);
    const current = await client.get<KubeObject & { spec?: { paused?: boolean } }>(kind, name, namespace, {
      ...(options.signal && { signal: options.signal }),
    });
    if (current.spec?.paused === true) {
      throw new StatusError('Conflict', `${kind.resource} "${name}" is paused; resume it first`);
    }
    const restartedAt = new Date(this.#deps.now()).toISOString();
    const annotations = { 'kubectl.kubernetes.io/restartedAt': restartedAt };
    const patch = { spec: { template: { metadata: { annotations } } } };
    return shown(kind, await client.patch(kind, { name, namespace }, 'merge', patch, options));
  }
}

/** The API server tells an applied field that the schema does not have as its own failure (500); it is the request's. */
function rethrowMistyped(error: unknown): never {
  if (isStatusError(error) && error.message.startsWith('failed to create typed patch object')) {
    throw new StatusError('BadRequest', error.message, {
      ...(error.details && { details: error.details }),
      cause: error,
    });
  }
  throw error;
}

const RESTARTABLE = new Set(['deployments', 'statefulsets', 'daemonsets']);

function shown(kind: ResourceKind, { object, warnings }: Written<KubeObject>): Written<KubeObject> {
  return { object: presentable(kind, typed(kind, object)), warnings };
}

function typed(kind: ResourceKind, object: KubeObject): KubeObject {
  return { apiVersion: formatGroupVersion(kind), kind: kind.kind, ...object };
}

function notAllowed(kind: ResourceKind, done: string): StatusError {
  return new StatusError('MethodNotAllowed', `${kind.resource} cannot be ${done}`);
}

/** Throws BadRequest for a namespace where the kind is in none, and for none where it is in one. */
export function checkedNamespace(kind: ResourceKind, namespace: string | undefined): string | undefined {
  if (!kind.namespaced) {
    if (namespace === undefined) return undefined;
    throw new StatusError('BadRequest', `${kind.resource} are not in namespaces; ask without ?ns=`);
  }
  if (namespace !== undefined && namespace !== '') return namespace;
  throw new StatusError('BadRequest', `${kind.resource} are in namespaces; name one with ?ns=`);
}

function checkedObject(kind: ResourceKind, body: unknown): KubeObject {
  const object = body as Partial<KubeObject> | null;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new StatusError('BadRequest', 'the body must be one object');
  }
  const apiVersion = formatGroupVersion(kind);
  agreed('apiVersion', apiVersion, object.apiVersion);
  agreed('kind', kind.kind, object.kind);
  if (typeof object.metadata !== 'object' || object.metadata === null) {
    throw new StatusError('BadRequest', 'the body has no metadata');
  }
  return { ...object, apiVersion, kind: kind.kind, metadata: object.metadata };
}

/** What the path and the body say of the same thing must be the same; either may be silent. */
function agreed(field: string, path: string | undefined, body: unknown): string | undefined {
  if (body === undefined || body === '') return path;
  if (typeof body !== 'string') throw new StatusError('BadRequest', `${field} in the body must be text`);
  if (path === undefined || path === body) return body;
  throw new StatusError(
    'BadRequest',
    `${field} in the body ("${body}") is not the one of the path ("${path}")`,
  );
}
