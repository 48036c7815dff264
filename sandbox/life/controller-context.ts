import type { KubeObject } from '@krateyard/kube/meta/object';
import { formatKey, keyOf } from '@krateyard/kube/meta/object-key';
import type { Logger } from '@krateyard/telemetry/logger';
import { subjectOf, type EventRecorder, type Happening } from './event-recorder.ts';
import { controllerOf } from './pod-state.ts';
import type { WorkLoop } from './work-loop.ts';
import type { World } from './world.ts';

/** What every controller is made from. */
export interface ControllerContext {
  readonly world: World;
  readonly loop: WorkLoop;
  readonly events: EventRecorder;
  readonly logger: Logger;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** Who a controller is in its events, and what its objects are called. */
export interface ControllerIdentity {
  readonly component: string;
  readonly apiVersion: string;
  readonly kind: string;
}

export function recordFor(
  context: ControllerContext,
  identity: ControllerIdentity,
  object: KubeObject,
  type: Happening['type'],
  reason: string,
  message: string,
): Promise<void> {
  const subject = subjectOf(object, identity.apiVersion, identity.kind);
  return context.events.record({ component: identity.component }, subject, { type, reason, message });
}

export function objectKey(object: KubeObject): string {
  return formatKey(keyOf(object));
}

/** The key of the object's controller, when it is of this kind. */
export function controllerKey(object: KubeObject, kind: string): string | undefined {
  const owner = controllerOf(object);
  return owner?.kind === kind
    ? formatKey({ namespace: object.metadata.namespace ?? '', name: owner.name })
    : undefined;
}
