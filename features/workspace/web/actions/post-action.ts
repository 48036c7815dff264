import type { Task } from '@krateyard/tasks/task';
import { requestJson } from '@krateyard/ui/live/api-client';
import { announce } from '@krateyard/ui/parts/announce';
import { noteTask } from '@krateyard/ui/tasks/task-store';
import type { ActionBody, ActionName, ActionTargetRef } from '../../contract/action-api.ts';
import { actionStrings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';

/** Asks the gateway to do it; what becomes of it is told in the tasks. Rejects with ApiError when it is refused at once. */
export async function postAction<Name extends ActionName>(
  name: Name,
  targets: readonly ActionTarget[],
  args: Omit<ActionBody<Name>, 'targets'>,
): Promise<Task> {
  const body = { ...args, targets: targets.map(refOf) };
  const task = await requestJson<Task>(`/api/actions/${name}`, { method: 'POST', body });
  noteTask(task);
  announce(actionStrings.requested(task.title));
  return task;
}

export function refOf({ kind, object }: ActionTarget): ActionTargetRef {
  const { name = '', namespace, uid } = object.metadata;
  return {
    kind: kind.path,
    name,
    ...(kind.namespaced && namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
  };
}

/** "Deployment web", "12 pods". */
export function whatOf(targets: readonly ActionTarget[]): string {
  const [first] = targets;
  if (!first) return '';
  return targets.length === 1
    ? actionStrings.named(first.kind.kind, first.object.metadata.name ?? first.key)
    : actionStrings.many(targets.length, first.kind.resource);
}
