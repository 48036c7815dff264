import type { TableColumn } from '../table/table-column.ts';
import type { LiveFrame, LiveWindow } from './live-frames.ts';
import type { PartsFrame, PartsSpec } from './parts-frame.ts';
import type { SocketClient } from './socket-client.ts';

/** What to follow. Equal queries are equal as JSON. */
export interface LiveQuery {
  /** `pods`, `apps/v1/replicasets`. */
  readonly kind: string;
  /** Empty: all that this person may see. */
  readonly namespaces: readonly string[];
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Words that must all be found. */
  readonly search?: string | undefined;
  /** By column name: texts, any of which its cell must be; case aside. */
  readonly where?: Readonly<Record<string, readonly string[]>> | undefined;
  /** What says the same is one row, where the kind has such a thing. */
  readonly merge?: true | undefined;
}

export interface CollectionSpec {
  readonly query: LiveQuery;
  readonly window: LiveWindow;
}

export type LiveSpec = CollectionSpec | PartsSpec;
export type LiveMessage = LiveFrame<LiveHead> | PartsFrame;

/** What is told of a collection before its rows. */
export interface LiveHead {
  readonly kind: {
    readonly path: string;
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly kind: string;
    readonly namespaced: boolean;
  };
  readonly columns: readonly (TableColumn & { readonly jsonPath?: string | undefined })[];
  /** Null: all. Else those that this person may read, of those asked for. */
  readonly namespaces: readonly string[] | null;
}

/** The console's one socket for live collections; every room follows what it needs through it. */
export type LiveSource = SocketClient<LiveSpec, LiveMessage>;
