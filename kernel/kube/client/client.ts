import type { GroupVersionResource } from '../meta/group-version.ts';
import type { KubeList, KubeObject, WatchEvent } from '../meta/object.ts';
import type { UpstreamSocket } from './upstream-socket.ts';

export interface GetOptions {
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  /** Cuts `metadata.managedFields` out before the answer is parsed: a third of the bytes of most objects. */
  readonly omitManagedFields?: boolean;
  readonly signal?: AbortSignal;
}

/** Whoever reads through this does not know whether a cache or the API server answers. Fails with StatusError. */
export interface Reader {
  get<T extends KubeObject>(
    gvr: GroupVersionResource,
    name: string,
    namespace?: string,
    options?: GetOptions,
  ): Promise<T>;
  list<T extends KubeObject>(gvr: GroupVersionResource, options?: ListOptions): Promise<KubeList<T>>;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly signal?: AbortSignal;
}

export type PatchType = 'json' | 'merge' | 'strategic';

export interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly signal?: AbortSignal;
}

/** What the API server says beside the object: `Warning` headers. */
export interface Written<T extends KubeObject> {
  readonly object: T;
  readonly warnings: readonly string[];
}

/** No `update`: what we do not own is patched, what we own is applied. Retries never happen on writes. Fails with StatusError. */
export interface Writer {
  create<T extends KubeObject>(
    gvr: GroupVersionResource,
    object: T,
    options?: WriteOptions,
  ): Promise<Written<T>>;
  patch<T extends KubeObject>(
    gvr: GroupVersionResource,
    key: { name: string; namespace?: string | undefined; subresource?: string },
    type: PatchType,
    patch: unknown,
    options?: WriteOptions,
  ): Promise<Written<T>>;
  /** Server-side apply. `force` takes over fields that other managers own; without it they are a Conflict with one cause a field. */
  apply<T extends KubeObject>(
    gvr: GroupVersionResource,
    object: T,
    options: WriteOptions & { readonly fieldManager: string; readonly force?: boolean },
  ): Promise<Written<T>>;
  /** The object as it is afterwards (terminating), or undefined when it is gone already. */
  delete(
    gvr: GroupVersionResource,
    name: string,
    namespace?: string,
    options?: DeleteOptions,
  ): Promise<KubeObject | undefined>;
}

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion?: string;
  readonly allowBookmarks?: boolean;
  /** WatchList: the state comes first, as ADDED events, closed by a bookmark annotated `k8s.io/initial-events-end`. */
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
  /** As in `ListOptions`. */
  readonly omitManagedFields?: boolean;
  /** Called once, when the server has accepted the watch. */
  readonly onOpen?: () => void;
  readonly signal: AbortSignal;
}

/**
 * One HTTP watch. Iteration ends when the server ends the response, throws StatusError for an ERROR event (410 included) and
 * for a broken connection. A consumer that is slow holds the socket back: nothing is buffered beyond one read.
 */
export interface Watcher {
  watch<T extends KubeObject>(gvr: GroupVersionResource, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
}

/** A request that the typed calls do not cover (discovery, Table, openapi, subresources). JSON in, JSON out; fails with StatusError. */
export interface RawRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query below the server's URL, encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly signal?: AbortSignal;
}

/** A WebSocket at the API server: exec, attach, port-forward. */
export interface SocketRequest {
  /** Path and query below the server's URL, encoded. */
  readonly path: string;
  /** Subprotocols in order of preference. */
  readonly protocols: readonly string[];
  /** Gives the handshake up; no more heard of once it is done. */
  readonly signal: AbortSignal;
}

/** A GET whose answer is read as it comes, for as long as it lasts: `pods/log`. */
export interface ByteRequest {
  /** Path and query below the server's URL, encoded. */
  readonly path: string;
  /** For metrics. */
  readonly resource: string;
  readonly signal: AbortSignal;
}

/** Whom the API server shall see: sent as Impersonate-* headers, several groups included. */
export interface Impersonation {
  readonly username: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** `open`: the breaker refuses requests until its next trial; reads keep being answered by caches. */
export type ConnectionState = 'closed' | 'half-open' | 'open';

/** Everything one cluster can do for one identity. */
export interface Client extends Reader, Writer, Watcher {
  /** The context's name, or `in-cluster`; stands in logs and metrics. */
  readonly cluster: string;
  /** The same cluster, connection pool and breaker, as somebody else. */
  as(user: Impersonation): Client;
  request<T = unknown>(request: RawRequest): Promise<T>;
  /** The handshake done, or the server's own refusal as StatusError. Not retried. */
  openSocket(request: SocketRequest): Promise<UpstreamSocket>;
  /**
   * Opens a stream of bytes; the promise settles with the headers, which have a deadline, and rejects with the API server's
   * StatusError. The bytes have none: they come as fast as they are taken and end where the server ends them. Iterating fails
   * with StatusError when the connection breaks and with the signal's reason when that aborts. Whoever does not iterate to the
   * end aborts.
   */
  bytes(request: ByteRequest): Promise<AsyncIterable<readonly Buffer[]>>;
  connection(): ConnectionState;
  /** Ends every request and closes the sockets. */
  close(): Promise<void>;
}
