import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import type { ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import type { TaskBoard } from '@krateyard/tasks/task-board';
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
  /** NAMESPACE: where requests look that name none. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
