import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { ConditionLine } from '../machine-why.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The conditions of an object, whatever is wrong with them. `of`: what it is to the machine. */
export function conditionsOf(of: string, object: LiveObject | undefined): readonly ConditionLine[] {
  const { conditions } = (object?.['status'] ?? {}) as { readonly conditions?: unknown };
  if (!Array.isArray(conditions)) return [];
  return (conditions as unknown[])
    .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    .map((one) => {
      const since = Date.parse(textOf(one['lastTransitionTime']));
      return {
        of,
        type: textOf(one['type']),
        status: textOf(one['status']),
        reason: textOf(one['reason']),
        message: textOf(one['message']),
        since: Number.isNaN(since) ? undefined : since,
      };
    });
}

/** Why containers of a launcher pod wait, which is in no condition: an image that cannot be fetched. */
export function waitingOf(of: string, pod: LiveObject | undefined): readonly ConditionLine[] {
  const { containerStatuses } = (pod?.['status'] ?? {}) as { readonly containerStatuses?: unknown };
  if (!Array.isArray(containerStatuses)) return [];
  return (
    containerStatuses as {
      readonly name?: unknown;
      readonly state?: { readonly waiting?: Record<string, unknown> };
    }[]
  )
    .filter(({ state }) => {
      const reason = textOf(state?.waiting?.['reason']);
      return reason !== '' && reason !== 'ContainerCreating' && reason !== 'PodInitializing';
    })
    .map(({ name, state }) => ({
      of,
      type: textOf(name),
      status: 'False',
      reason: textOf(state?.waiting?.['reason']),
      message: textOf(state?.waiting?.['message']),
      since: undefined,
    }));
}
