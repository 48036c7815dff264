import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { dateAt, listAt, textAt } from '../../../contract/columns/read.ts';

export interface FoundCondition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: number | undefined;
}

export function conditionOf(object: LiveObject, type: string): FoundCondition | undefined {
  const found = listAt(object, 'status', 'conditions').find((entry) => textAt(entry, 'type') === type);
  if (found === undefined) return undefined;
  return {
    status: textAt(found, 'status') ?? 'Unknown',
    reason: textAt(found, 'reason') ?? '',
    message: textAt(found, 'message') ?? '',
    since: dateAt(found, 'lastTransitionTime') ?? undefined,
  };
}

/** Its message where it has one, else its reason. */
export function whyOf(condition: FoundCondition | undefined): readonly string[] {
  if (!condition) return [];
  const { reason, message } = condition;
  if (message === '') return reason === '' ? [] : [reason];
  return [reason === '' || message.includes(reason) ? message : `${reason}: ${message}`];
}
