/** What a live collection understands; a room's wire turns its protocol into these. */
export interface LiveObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface LiveFreshness {
  readonly state: 'syncing' | 'live' | 'lagging' | 'disconnected';
  /** ISO 8601, UTC. */
  readonly observedAt: string;
  readonly lagMs: number;
  readonly reason?: string | undefined;
}

/** A failure in Kubernetes' words. */
export interface LiveStatus {
  readonly message: string;
  readonly reason: string;
  readonly code: number;
  readonly details?:
    | {
        readonly requestId?: string | undefined;
        /** What is wrong with which field of what was sent. */
        readonly causes?: readonly { readonly field?: string; readonly message?: string }[] | undefined;
      }
    | undefined;
}

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  /** RFC 6901. */
  readonly path: string;
  readonly value?: unknown;
}

export type LiveChange =
  | { readonly op: 'added' | 'modified'; readonly key: string; readonly object: LiveObject }
  | { readonly op: 'modified'; readonly key: string; readonly patch: readonly PatchOperation[] }
  | { readonly op: 'deleted'; readonly key: string };

/** The part of a sorted collection that is asked for. */
export interface LiveWindow {
  /** A column's name, descending with a leading minus. */
  readonly sort?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

export type LiveFrame<Head> =
  /** Unless `resumed`, all that is known is void and a snapshot follows. `head`: columns, scope, whatever the room tells of a collection. */
  | {
      readonly type: 'subscribed';
      readonly head: Head;
      readonly resumed: boolean;
      readonly window?: LiveWindow | undefined;
    }
  | { readonly type: 'snapshot'; readonly part: number; readonly items: readonly LiveObject[] }
  | {
      readonly type: 'synced';
      readonly total: number;
      readonly order?: readonly string[] | undefined;
      readonly freshness: LiveFreshness;
    }
  | {
      readonly type: 'delta';
      readonly changes: readonly LiveChange[];
      readonly total?: number | undefined;
      readonly order?: readonly string[] | undefined;
    }
  | { readonly type: 'freshness'; readonly freshness: LiveFreshness }
  /** The subscription is over (`ended`) or never began (`refused`). */
  | { readonly type: 'ended' | 'refused'; readonly status: LiveStatus };

/** `namespace/name`, or `name` for what is in no namespace. */
export function keyOf(object: LiveObject): string {
  const { namespace, name = '' } = object.metadata;
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}
