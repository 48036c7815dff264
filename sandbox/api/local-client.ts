import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeList, KubeObject, WatchEvent } from '@krateyard/kube/meta/object';

export interface LocalWriteOptions {
  readonly dryRun?: boolean;
  /** Stands in `managedFields`; the user's name by default. */
  readonly fieldManager?: string;
}

export interface LocalListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/**
 * The API server without sockets, for the controllers, the scheduler and the kubelets that live in the same process. Calls
 * take the same path as HTTP requests (admission, validation, storage, watch) as the user that the client was made for,
 * and fail with the same StatusErrors. Objects are copies: a caller may change what it got.
 */
export interface LocalClient {
  get<T extends KubeObject>(gvr: GroupVersionResource, name: string, namespace?: string): Promise<T>;
  list<T extends KubeObject>(gvr: GroupVersionResource, options?: LocalListOptions): Promise<KubeList<T>>;
  create<T extends KubeObject>(gvr: GroupVersionResource, object: T, options?: LocalWriteOptions): Promise<T>;
  /**
   * Stores an object with its status as it is, without defaults, validation, admission and managedFields: for scenes of
   * many thousand objects that are known to be right. uid and creationTimestamp are filled in; it replaces what has its name.
   */
  seed(gvr: GroupVersionResource, object: KubeObject): void;
  update<T extends KubeObject>(gvr: GroupVersionResource, object: T, options?: LocalWriteOptions): Promise<T>;
  /** Writes only the status subresource. */
  updateStatus<T extends KubeObject>(gvr: GroupVersionResource, object: T): Promise<T>;
  /** A JSON merge patch (RFC 7386) of the object or of one of its subresources. */
  patch<T extends KubeObject>(
    gvr: GroupVersionResource,
    name: string,
    namespace: string | undefined,
    patch: object,
    subresource?: string,
  ): Promise<T>;
  delete(
    gvr: GroupVersionResource,
    name: string,
    namespace?: string,
    options?: {
      gracePeriodSeconds?: number;
      propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
      preconditions?: { uid?: string; resourceVersion?: string };
    },
  ): Promise<void>;
  /**
   * Calls `onEvent` with an ADDED for every object there is now, then with every change, in order and without a gap, until
   * the signal aborts. The objects are the store's own, frozen: read only, no copy is made.
   */
  watch<T extends KubeObject>(
    gvr: GroupVersionResource,
    onEvent: (event: WatchEvent<T>) => void,
    signal: AbortSignal,
  ): void;
}
