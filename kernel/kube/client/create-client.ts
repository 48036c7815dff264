import { StatusError } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { silentLogger, type Logger } from '@krateyard/telemetry/logger';
import { noMetrics, type Metrics } from '@krateyard/telemetry/metrics';
import {
  formatGroupVersion,
  formatGvr,
  resourcePath,
  type GroupVersionResource,
} from '../meta/group-version.ts';
import type { KubeList, KubeObject } from '../meta/object.ts';
import { openBytes } from './byte-stream.ts';
import type {
  ByteRequest,
  Client,
  DeleteOptions,
  Impersonation,
  ListOptions,
  PatchType,
  RawRequest,
  SocketRequest,
  WatchOptions,
  WriteOptions,
  Written,
} from './client.ts';
import type { ClusterConfig } from './cluster-config.ts';
import { Connection, type ConnectionLimits, type Headers, type WholeResponse } from './connection.ts';
import { impersonationHeaders } from './impersonation-headers.ts';
import { omitManagedFields } from './omit-managed-fields.ts';
import type { UpstreamSocket } from './upstream-socket.ts';
import { watchEvents, type StreamRequest } from './watch-stream.ts';

const DEFAULT_LIMITS: ConnectionLimits = {
  connectMs: 5_000,
  requestMs: 30_000,
  streamHeadersMs: 30_000,
  maxResponseBytes: 128 << 20,
  requestConnections: 16,
  streamConnections: 256,
  byteConnections: 1_024,
};

const PATCH_TYPES: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/** A client for one cluster. Opens nothing before its first request. `close` ends it for everybody who came by `as`. */
export function createClient(options: {
  readonly config: ClusterConfig;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly limits?: Partial<ConnectionLimits>;
}): Client {
  const connection = new Connection({
    config: options.config,
    clock: options.clock ?? systemClock,
    logger: options.logger ?? silentLogger,
    metrics: options.metrics ?? noMetrics,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  });
  return new HttpClient(connection, options.config.impersonate);
}

class HttpClient implements Client {
  readonly cluster: string;
  readonly #connection: Connection;
  readonly #identity: Headers;

  constructor(connection: Connection, user: Impersonation | undefined) {
    this.cluster = connection.cluster;
    this.#connection = connection;
    this.#identity = { accept: 'application/json', ...(user && impersonationHeaders(user)) };
  }

  as(user: Impersonation): Client {
    return new HttpClient(this.#connection, user);
  }

  connection(): ReturnType<Client['connection']> {
    return this.#connection.state;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async get<T extends KubeObject>(
    gvr: GroupVersionResource,
    name: string,
    namespace?: string,
    options?: { signal?: AbortSignal },
  ): Promise<T> {
    const path = resourcePath(gvr, { name, namespace });
    return this.#json(
      await this.#exchange({ method: 'GET', verb: 'get', gvr, path, signal: options?.signal }),
    ) as T;
  }

  async list<T extends KubeObject>(
    gvr: GroupVersionResource,
    options: ListOptions = {},
  ): Promise<KubeList<T>> {
    const path = resourcePath(gvr, { namespace: options.namespace }) + listQuery(options);
    const response = await this.#exchange({ method: 'GET', verb: 'list', gvr, path, signal: options.signal });
    const bytes = options.omitManagedFields ? omitManagedFields(response.bytes) : response.bytes;
    const list = this.#json({ ...response, bytes }) as KubeList<T>;
    if (!Array.isArray(list.items)) list.items = [];
    return namedItems(list, gvr);
  }

  watch<T extends KubeObject>(
    gvr: GroupVersionResource,
    options: WatchOptions,
  ): ReturnType<typeof watchEvents<T>> {
    const path = resourcePath(gvr, { namespace: options.namespace }) + watchQuery(options);
    const request: StreamRequest = {
      method: 'GET',
      path,
      headers: this.#identity,
      verb: 'watch',
      resource: formatGvr(gvr),
      signal: options.signal,
    };
    return watchEvents<T>(this.#connection, request, options);
  }

  async create<T extends KubeObject>(
    gvr: GroupVersionResource,
    object: T,
    options: WriteOptions = {},
  ): Promise<Written<T>> {
    const path = resourcePath(gvr, { namespace: object.metadata.namespace }) + writeQuery(options);
    return this.#written<T>(
      await this.#exchange({
        method: 'POST',
        verb: 'create',
        gvr,
        path,
        body: object,
        signal: options.signal,
      }),
    );
  }

  async patch<T extends KubeObject>(
    gvr: GroupVersionResource,
    key: { name: string; namespace?: string | undefined; subresource?: string },
    type: PatchType,
    patch: unknown,
    options: WriteOptions = {},
  ): Promise<Written<T>> {
    const path = resourcePath(gvr, key) + writeQuery(options);
    const contentType = PATCH_TYPES[type];
    return this.#written<T>(
      await this.#exchange({
        method: 'PATCH',
        verb: 'patch',
        gvr,
        path,
        body: patch,
        contentType,
        signal: options.signal,
      }),
    );
  }

  async apply<T extends KubeObject>(
    gvr: GroupVersionResource,
    object: T,
    options: WriteOptions & { readonly fieldManager: string; readonly force?: boolean },
  ): Promise<Written<T>> {
    const { name, namespace } = object.metadata;
    if (!name) throw new StatusError('BadRequest', 'An object needs a metadata.name to be applied.');
    const query = writeQuery(options, options.force ? { force: 'true' } : {});
    const contentType = 'application/apply-patch+yaml';
    return this.#written<T>(
      await this.#exchange({
        method: 'PATCH',
        verb: 'apply',
        gvr,
        path: resourcePath(gvr, { name, namespace }) + query,
        body: object,
        contentType,
        signal: options.signal,
      }),
    );
  }

  async delete(
    gvr: GroupVersionResource,
    name: string,
    namespace?: string,
    options: DeleteOptions = {},
  ): Promise<KubeObject | undefined> {
    const { dryRun, gracePeriodSeconds, propagationPolicy, preconditions, signal } = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(dryRun && { dryRun: ['All'] }),
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      ...(propagationPolicy && { propagationPolicy }),
      ...(preconditions && { preconditions }),
    };
    const path = resourcePath(gvr, { name, namespace });
    const answer = this.#json(
      await this.#exchange({ method: 'DELETE', verb: 'delete', gvr, path, body, signal }),
    ) as KubeObject;
    return answer.kind === 'Status' ? undefined : answer;
  }

  async request<T = unknown>(request: RawRequest): Promise<T> {
    const response = await this.#exchange({
      method: request.method ?? 'GET',
      verb: (request.method ?? 'GET').toLowerCase(),
      gvr: undefined,
      path: request.path,
      body: request.body,
      headers: request.headers,
      signal: request.signal,
    });
    const type = String(response.headers['content-type'] ?? '');
    if (response.bytes.length === 0) return undefined as T;
    return (type.includes('json') ? this.#json(response) : response.bytes.toString('utf8')) as T;
  }

  openSocket({ path, protocols, signal }: SocketRequest): Promise<UpstreamSocket> {
    // Where the node itself answers (v4), it has nothing that is JSON to offer and would say 406.
    const headers = { ...this.#identity, accept: '*/*' };
    const wire = { method: 'GET', path, headers, verb: 'connect', resource: 'raw' } as const;
    return this.#connection.openSocket({ ...wire, protocols, signal });
  }

  bytes({ path, resource, signal }: ByteRequest): Promise<AsyncIterable<readonly Buffer[]>> {
    const headers = { ...this.#identity, accept: '*/*' };
    return openBytes(this.#connection, { method: 'GET', path, headers, verb: 'get', resource, signal });
  }

  #exchange(request: {
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    verb: string;
    gvr: GroupVersionResource | undefined;
    path: string;
    body?: unknown;
    contentType?: string;
    headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
    signal?: AbortSignal | undefined;
  }): Promise<WholeResponse> {
    const { method, verb, gvr, path, body, signal } = request;
    const headers: Headers = { ...this.#identity };
    if (body !== undefined) headers['content-type'] = request.contentType ?? 'application/json';
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      headers[name.toLowerCase()] = typeof value === 'string' ? value : [...value];
    }
    return this.#connection.exchange({
      method,
      path,
      headers,
      verb,
      resource: gvr ? formatGvr(gvr) : 'raw',
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  #written<T extends KubeObject>(response: WholeResponse): Written<T> {
    return { object: this.#json(response) as T, warnings: warningsOf(response.headers['warning']) };
  }

  #json(response: WholeResponse): unknown {
    try {
      return JSON.parse(response.bytes.toString('utf8')) as unknown;
    } catch {
      throw new StatusError(
        'InternalError',
        `The API server at ${this.#connection.host} answered with something that is no JSON.`,
      );
    }
  }
}

/** Lists leave out what their own kind says; objects carry it wherever they come from. */
function namedItems<T extends KubeObject>(list: KubeList<T>, gvr: GroupVersionResource): KubeList<T> {
  const kind = list.kind?.endsWith('List') ? list.kind.slice(0, -'List'.length) : undefined;
  const apiVersion = formatGroupVersion(gvr);
  for (const item of list.items) {
    item.apiVersion ??= apiVersion;
    if (kind !== undefined) item.kind ??= kind;
  }
  return list;
}

function listQuery(options: ListOptions): string {
  return query({
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    limit: options.limit === undefined ? undefined : String(options.limit),
    continue: options.continue,
    resourceVersion: options.resourceVersion,
    resourceVersionMatch: options.resourceVersionMatch,
  });
}

function watchQuery(options: WatchOptions): string {
  return query({
    watch: 'true',
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    resourceVersion: options.resourceVersion,
    allowWatchBookmarks: options.allowBookmarks ? 'true' : undefined,
    sendInitialEvents: options.sendInitialEvents ? 'true' : undefined,
    resourceVersionMatch: options.sendInitialEvents ? 'NotOlderThan' : undefined,
    timeoutSeconds: options.timeoutSeconds === undefined ? undefined : String(options.timeoutSeconds),
  });
}

function writeQuery(options: WriteOptions, more: Record<string, string> = {}): string {
  return query({
    dryRun: options.dryRun ? 'All' : undefined,
    fieldManager: options.fieldManager,
    fieldValidation: options.fieldValidation,
    ...more,
  });
}

function query(parameters: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(parameters).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

/** The texts of `Warning: 299 - "…"` headers. */
function warningsOf(header: string | string[] | undefined): string[] {
  const values = header === undefined ? [] : [header].flat();
  return values.flatMap((value) =>
    [...value.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
      match[1]!.replaceAll(/\\(.)/g, '$1'),
    ),
  );
}
