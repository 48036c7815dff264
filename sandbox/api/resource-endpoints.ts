import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { badRequest, invalid, methodNotAllowed, noSuchResource } from './api-errors.ts';
import type { ApiServerContext } from './api-server-context.ts';
import { sendJson, sendParts, sendText } from './http-answer.ts';
import type { ApiParts } from './in-process-client.ts';
import { readInteger, readListRequest } from './list-options.ts';
import { encodeList, encodeObject } from './object-encoding.ts';
import { listObjects, parseRevision, type ListResult } from './object-lister.ts';
import { PATCH_TYPES } from './object-patcher.ts';
import { negotiate } from './representation.ts';
import { mediaType, readObject, readPatch, unsupported } from './request-body.ts';
import { isTrue, type RequestInfo, type ResourceTarget } from './request-info.ts';
import type { ResourceDefinition, ResourceVerb } from './resource-definition.ts';
import type { UserInfo } from './user.ts';
import type { StoredRevision } from '../store/stored-revision.ts';
import { tooLargeResourceVersion } from './api-errors.ts';
import { DEFAULT_WATCH_TIMEOUT_MS, WatchStream } from './watch-stream.ts';
import { readDeleteOptions, readWriteOptions } from './write-query.ts';
import type { ObjectName, WriteOptions } from './write-options.ts';

/** One request for a resource, after authentication and authorization. */
export interface ResourceCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  readonly target: ResourceTarget;
  readonly definition: ResourceDefinition;
  readonly user: UserInfo;
  /** Aborts when the API server stops. */
  readonly signal: AbortSignal;
}

/** The verbs on collections and on whole objects. */
export class ResourceEndpoints {
  readonly #parts: ApiParts;
  readonly #context: ApiServerContext;

  constructor(parts: ApiParts) {
    this.#parts = parts;
    this.#context = parts.context;
  }

  async serve(call: ResourceCall): Promise<void> {
    const { definition, info } = call;
    if (!definition.verbs.includes(info.verb as ResourceVerb) || !fitsTarget(call)) throw methodNotAllowed();
    switch (info.verb as ResourceVerb) {
      case 'get':
        return this.#get(call);
      case 'list':
        return this.#list(call);
      case 'watch':
        return this.#watch(call);
      case 'create':
        return this.#create(call);
      case 'update':
        return this.#update(call);
      case 'patch':
        return this.#patch(call);
      case 'delete':
        return this.#delete(call);
      case 'deletecollection':
        return this.#deleteCollection(call);
    }
  }

  #get(call: ResourceCall): void {
    const asked = parseRevision(call.info.query.get('resourceVersion') ?? undefined);
    if (asked > this.#context.store.current)
      throw tooLargeResourceVersion(asked, this.#context.store.current);
    this.#answer(call, 200, this.#parts.writer.read(call.definition, nameIn(call)));
  }

  async #list(call: ResourceCall): Promise<void> {
    const { definition, info, request, response } = call;
    const form = negotiate(request.headers.accept, info.query.get('includeObject'));
    const result = listObjects(
      this.#context,
      definition,
      readListRequest(definition, namespaceIn(call), info.query),
    );
    const parts = encodeList(definition, result.items, metadataOf(result), form, this.#context.clock.now());
    await sendParts(request, response, parts);
  }

  async #watch(call: ResourceCall): Promise<void> {
    const { definition, info, request, response } = call;
    const { query } = info;
    const timeout = query.get('timeoutSeconds');
    const seconds = timeout === null ? 0 : readInteger('timeoutSeconds', timeout);
    const initial = query.get('sendInitialEvents');
    parseRevision(query.get('resourceVersion') ?? undefined);
    const stream = new WatchStream(
      this.#context,
      definition,
      {
        ...readListRequest(definition, namespaceIn(call), query),
        form: negotiate(request.headers.accept, query.get('includeObject')),
        bookmarks: isTrue(query.get('allowWatchBookmarks')),
        sendInitialEvents: initial === null ? undefined : isTrue(initial),
        timeoutMs: seconds > 0 ? seconds * 1000 : DEFAULT_WATCH_TIMEOUT_MS,
      },
      response,
    );
    await stream.run(call.signal);
  }

  async #create(call: ResourceCall): Promise<void> {
    const { definition, target } = call;
    const options = readWriteOptions(call.request, call.info.query, call.user, 'CreateOptions');
    const object = await requiredObject(call.request, options);
    this.#answer(
      call,
      201,
      this.#parts.writer.create(definition, target.namespace, object, options),
      options,
    );
  }

  async #update(call: ResourceCall): Promise<void> {
    const options = readWriteOptions(call.request, call.info.query, call.user, 'UpdateOptions');
    const object = await requiredObject(call.request, options);
    this.#answer(
      call,
      200,
      this.#parts.writer.update(call.definition, nameIn(call), object, options),
      options,
    );
  }

  async #patch(call: ResourceCall): Promise<void> {
    const { kind, patch, options } = await readPatchCall(call);
    const { stored, created } = this.#parts.patcher.patch(
      call.definition,
      nameIn(call),
      kind,
      patch,
      options,
    );
    this.#answer(call, created ? 201 : 200, stored, options);
  }

  async #delete(call: ResourceCall): Promise<void> {
    const { definition, request, response, user } = call;
    const { options, dryRun } = readDeleteOptions(await readObject(request), call.info.query);
    const at = nameIn(call);
    const { stored, gone } = this.#parts.deleter.delete(definition, at, options, { user, dryRun });
    if (gone && !RETURNS_DELETED.has(definition.resource)) {
      const { group, resource } = definition;
      const details = {
        name: at.name,
        ...(group !== '' && { group }),
        kind: resource,
        uid: stored.object.metadata.uid,
      };
      sendJson(request, response, 200, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details,
      });
      return;
    }
    this.#answer(call, 200, stored);
  }

  async #deleteCollection(call: ResourceCall): Promise<void> {
    const { definition, request, response, user, info } = call;
    const { options, dryRun } = readDeleteOptions(await readObject(request), info.query);
    const result = listObjects(
      this.#context,
      definition,
      readListRequest(definition, namespaceIn(call), info.query),
    );
    for (const { object } of result.items) {
      const at = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
      this.#parts.deleter.delete(definition, at, options, { user, dryRun });
    }
    const form = negotiate(request.headers.accept, info.query.get('includeObject'));
    const parts = encodeList(definition, result.items, metadataOf(result), form, this.#context.clock.now());
    await sendParts(request, response, parts);
  }

  #answer(call: ResourceCall, code: number, stored: StoredRevision, options?: WriteOptions): void {
    const { request, response, definition, info } = call;
    const form = negotiate(request.headers.accept, info.query.get('includeObject'));
    if (options) setWarnings(response, options.warnings);
    const text = encodeObject(definition, stored, form, this.#context.clock.now());
    sendText(request, response, code, 'application/json', text);
  }
}

/** Kinds whose deletion is answered with the object rather than with a Status. */
const RETURNS_DELETED = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
]);

/** Collections are posted to, objects are put and patched, and what is namespaced is made in a namespace. */
function fitsTarget({ definition, info, target }: ResourceCall): boolean {
  const isCollection = target.name === undefined;
  if (info.verb === 'create') return isCollection && (!definition.namespaced || target.namespace !== '');
  return !isCollection || ['list', 'watch', 'deletecollection'].includes(info.verb);
}

export function nameIn({ target }: ResourceCall): ObjectName {
  return { namespace: target.namespace, name: target.name ?? '' };
}

function namespaceIn({ target }: ResourceCall): string | undefined {
  return target.namespace === '' ? undefined : target.namespace;
}

/** `Warning: 299 - "…"`, one header line each. */
export function setWarnings(response: ServerResponse, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  const lines = warnings.map(
    (text) => `299 - "${text.replaceAll(/[\\"]/g, '\\$&').replaceAll(/[^\x20-\x7e]/g, '?')}"`,
  );
  response.setHeader('Warning', lines);
}

/** Reads the object of a write; fields that stand twice are reported as unknown ones are. */
export async function requiredObject(request: IncomingMessage, options?: WriteOptions): Promise<KubeObject> {
  const object = await readObject(request, (paths) => reportDuplicates(paths, options));
  if (!object) throw badRequest('the request has no body');
  return object;
}

function reportDuplicates(paths: readonly string[], options: WriteOptions | undefined): void {
  const messages = paths.map((path) => `duplicate field "${path}"`);
  if (options?.fieldValidation === 'Strict')
    throw badRequest(`strict decoding error: ${messages.join(', ')}`);
  if (options?.fieldValidation === 'Warn') options.warnings.push(...messages);
}

export async function readPatchCall(call: ResourceCall) {
  const kind = PATCH_TYPES[mediaType(call.request)];
  if (kind === undefined) throw unsupported(Object.keys(PATCH_TYPES), mediaType(call.request));
  const { query } = call.info;
  const options = readWriteOptions(call.request, query, call.user, 'PatchOptions');
  if (kind === 'apply' && (query.get('fieldManager') ?? '') === '')
    throw invalid({ kind: 'PatchOptions', group: 'meta.k8s.io' }, '', [
      {
        field: 'fieldManager',
        reason: 'FieldValueRequired',
        message: 'Required value: is required for apply patch',
      },
    ]);
  if (kind !== 'apply' && query.has('force'))
    throw invalid({ kind: 'PatchOptions', group: 'meta.k8s.io' }, '', [
      {
        field: 'force',
        reason: 'FieldValueForbidden',
        message: 'Forbidden: may not be specified for non-apply patch',
      },
    ]);
  const patch = await readPatch(call.request);
  return { kind, patch, options: { ...options, force: isTrue(query.get('force')) } };
}

function metadataOf(result: ListResult) {
  return {
    resourceVersion: String(result.revision),
    ...(result.continueToken !== undefined && { continue: result.continueToken }),
    ...(result.remaining !== undefined && { remainingItemCount: result.remaining }),
  };
}

/** The definition of a target; 404 where it is not served. */
export function definitionOf(context: ApiServerContext, target: ResourceTarget): ResourceDefinition {
  const definition = context.registry.byResource(target);
  if (!definition) throw noSuchResource();
  if (definition.namespaced !== (target.namespace !== '') && target.name !== undefined)
    throw noSuchResource();
  if (!definition.namespaced && target.namespace !== '') throw noSuchResource();
  return definition;
}
