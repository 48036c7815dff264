import type { Task } from '@krateyard/tasks/task';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import { announce } from '@krateyard/ui/parts/announce';
import { toast } from '@krateyard/ui/parts/toasts';
import { noteTask } from '@krateyard/ui/tasks/task-store';
import type { VmAction, VmInfo } from '../../contract/vm-api.ts';
import { actionStrings as strings } from './action-strings.ts';

/** So many are asked for at once. */
const AT_ONCE = 4;

/** Asks for it; what becomes of it is told in the tasks. Rejects with ApiError when it is refused at once. */
export async function askAction({ namespace, name }: VmInfo, action: VmAction): Promise<void> {
  const path = `/api/vms/${encodeURIComponent(name)}/action?${new URLSearchParams({ namespace })}`;
  const { task } = await requestJson<{ task: Task }>(path, { method: 'POST', body: { action } });
  noteTask(task);
  announce(strings.asked(task.title));
}

/** The same of many, a few at a time; what is refused is told by one toast. */
export async function askActions(vms: readonly VmInfo[], action: VmAction): Promise<void> {
  const refused: string[] = [];
  const waiting = [...vms];
  const work = async (): Promise<void> => {
    for (let vm = waiting.shift(); vm; vm = waiting.shift()) {
      try {
        await askAction(vm, action);
      } catch (error) {
        refused.push(`${vm.name}: ${statusOf(error).message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const label = strings.labels[action];
  if (refused.length === 0) return;
  if (vms.length === 1) toast('bad', `${label} ${refused[0]!}`);
  else toast('bad', strings.failedMany(label, refused.length, vms.length, refused.slice(0, 3).join(' ')));
}
