import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Collection } from '../store/collection.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Admission } from './admission.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import type { ResourceRegistry } from './resource-registry.ts';

/** What the parts of the API server share. */
export interface ApiServerContext {
  readonly store: ObjectStore;
  readonly registry: ResourceRegistry;
  readonly admission: readonly Admission[];
  readonly clock: Clock;
  /** For names and uids: a number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

export function collectionOf(context: ApiServerContext, definition: ResourceDefinition): Collection {
  return context.store.collection(definition.storageKey);
}

/** The present time as `metav1.Time`: RFC 3339 in whole seconds. */
export function timestamp(clock: Clock, offsetMs = 0): string {
  return new Date(clock.now() + offsetMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
