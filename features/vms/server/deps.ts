import type { AccessReview } from '@krateyard/auth/access';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { CredentialWatch } from '@krateyard/auth/credential-watch';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import type { ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { AuditTrail } from '@krateyard/runtime/audit';
import type { Limits } from '@krateyard/runtime/limits';
import type { TaskBoard } from '@krateyard/tasks/task-board';
import type { Recordings } from '@krateyard/terminals/recordings/recordings';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';

/** What the room needs of its surroundings; `app.ts` satisfies it. */
export interface VmsDeps {
  readonly cache: Cache;
  readonly actingAs: (who: Principal) => Client;
  readonly access: AccessReview;
  readonly kinds: ResourceKinds;
  readonly tasks: TaskBoard;
  /** Of pods, machines' among them: read once for everybody. */
  readonly usage: UsageMeter;
  /** NAMESPACE: where requests look that name none. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly audit: AuditTrail<VmAction>;
  /** Proves a token that came in an `auth` frame; rejects with StatusError Unauthorized. */
  readonly authenticateToken: (token: string, signal: AbortSignal) => Promise<Authentication>;
  /** Tells when a proof of identity has ended. */
  readonly credentials: Pick<CredentialWatch, 'watch'>;
  readonly screens: ScreenSettings;
  readonly consoles: ConsoleSettings;
}

export interface ConsoleSettings {
  /** How long who was cut off may come back. */
  readonly holdMs: number;
  /** What a console said last, for who comes. */
  readonly scrollbackBytes: number;
  /** Absent: nothing can be recorded. */
  readonly recordings?: Pick<Recordings, 'portFor'> | undefined;
  /** So long a console that is recorded stays connected when everybody has left. */
  readonly unattendedMs: number;
}

export interface ScreenSettings {
  /** Places under the names `screens` and `consoles`. */
  readonly limits: Pick<Limits, 'acquire'>;
  /** So long without input, and others may take control. */
  readonly idleReleaseMs: number;
  /** A secret that proves the person once, at this address (path and query) and no other. */
  readonly issueTicket: (authentication: Authentication, address: string, lifetimeMs: number) => string;
}

/** What is accounted for; the key is the id of a viewer or participant, or how far a ticket goes. */
export type VmAction = 'screen.open' | 'screen.alone' | 'screen.control' | 'screen.ticket' | 'console.open';
