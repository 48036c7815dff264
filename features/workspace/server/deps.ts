import type { AccessQuestion, AccessReview } from '@krateyard/auth/access';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { CredentialWatch } from '@krateyard/auth/credential-watch';
import type { Principal } from '@krateyard/auth/principal';
import type { Hub } from '@krateyard/hub/hub';
import type { Cache } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import type { ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { AuditTrail } from '@krateyard/runtime/audit';
import type { Limits } from '@krateyard/runtime/limits';
import type { TaskBoard } from '@krateyard/tasks/task-board';
import type { RecordingStore } from '@krateyard/terminals/recordings/recording-store';
import type { Recordings } from '@krateyard/terminals/recordings/recordings';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';

/** What the room needs of its surroundings; `app.ts` satisfies it. */
export interface WorkspaceDeps {
  readonly cache: Cache;
  /** The gateway's own identity: discovery, version, health. Never used for what a person asks to read or do. */
  readonly client: Client;
  readonly actingAs: (who: Principal) => Client;
  readonly kinds: ResourceKinds;
  readonly access: AccessReview;
  readonly hub: Hub<Principal>;
  readonly tasks: TaskBoard;
  readonly usage: UsageMeter;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly audit: AuditTrail<AuditedAction>;
  /** Proves a token that came in an `auth` frame; rejects with StatusError Unauthorized. */
  readonly authenticateToken: (token: string, signal: AbortSignal) => Promise<Authentication>;
  /** Tells when a proof of identity has ended. */
  readonly credentials: Pick<CredentialWatch, 'watch'>;
  /** Absent: nothing is told of how the API server answers. */
  readonly apiServer?: ApiServerWatch;
  readonly limits?: { readonly subscriptionsPerSocket?: number };
  /** Absent: the defaults, and no limit on how many. */
  readonly shells?: ShellSettings;
  /** Absent: no limit on how many are read. */
  readonly logs?: LogSettings;
  /** Absent: nothing can be recorded. */
  readonly recordings?: RecordingParts;
}

/** Structurally `ClusterProbe` of the runtime. */
export interface ApiServerWatch {
  /** `since` is milliseconds since the epoch. */
  reach(): { readonly state: 'answers' | 'slow' | 'away'; readonly since: number; readonly reason?: string };
  /** Calls back when the state has become another; the result ends it. */
  onReach(listener: () => void): () => void;
}

export interface LogSettings {
  /** Places under the name `logs`. */
  readonly limits: Pick<Limits, 'acquire'>;
}

export interface RecordingParts {
  readonly recordings: Recordings;
  readonly store: RecordingStore;
  /** Of serial consoles, which another room has. */
  readonly consoles: RecordingRights;
}

/** What one must be allowed to, for recordings of one kind of place. */
export interface RecordingRights {
  /** Absent name: of all in the namespace. */
  see(namespace: string, name?: string): AccessQuestion;
  remove(namespace: string, name: string): AccessQuestion;
}

export interface ShellSettings {
  /** Places under the name `shells`. */
  readonly limits: Pick<Limits, 'acquire'>;
  readonly holdMs: number;
  readonly scrollbackBytes: number;
}

/** What is accounted for; the key is that of a Secret, a session’s or a recording’s id. */
export type AuditedAction =
  | 'secret.reveal'
  | 'secret.check-certificates'
  | 'shell.open'
  | 'shell.join'
  | 'recording.view'
  | 'recording.delete';
