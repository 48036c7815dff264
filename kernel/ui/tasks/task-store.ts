import type { Task } from '@krateyard/tasks/task';
import { requestJson, statusOf } from '../live/api-client.ts';
import type { LiveSource } from '../live/live-source.ts';
import { Store } from '../live/store.ts';
import { toast } from '../parts/toasts.ts';
import { openTrayTab } from '../tray/tray.ts';
import { endedSince, isEnded, lostSince, mergeTask, replaceTasks } from './task-merge.ts';
import { taskStrings } from './task-strings.ts';

export interface TasksState {
  /** False before the gateway has told them for the first time. */
  readonly known: boolean;
  /** Newest first. */
  readonly tasks: readonly Task[];
  /** The one to look at: opened from a toast. */
  readonly open?: string;
}

/** What this person has asked for, as the gateway tells it. */
export const tasks = new Store<TasksState>({ known: false, tasks: [] });

export const TASKS_TAB = { type: 'tasks', title: taskStrings.title, params: {} } as const;

/** Follows the person's tasks on the console's socket until the disposer is called. Whoever ends is told by a toast. */
export function followTasks(source: LiveSource): () => void {
  const stop = source.follow('tasks', (news) => {
    const told = news as { readonly items: readonly Task[] } | { readonly task: Task };
    const before = tasks.get();
    const now = 'items' in told ? replaceTasks(before.tasks, told.items) : mergeTask(before.tasks, told.task);
    put({ ...before, known: true, tasks: now });
    for (const lost of lostSince(before.tasks, now)) toast('warn', taskStrings.lost(lost.title));
  });
  return () => {
    stop();
    tasks.set({ known: false, tasks: [] });
  };
}

/** Puts in a task that an answer brought, before the socket tells it. */
export function noteTask(task: Task): void {
  const before = tasks.get();
  put({ ...before, tasks: mergeTask(before.tasks, task) });
}

/** Shows the tasks in the tray, one of them open. */
export function showTask(id?: string): void {
  if (id !== undefined) tasks.set({ ...tasks.get(), open: id });
  openTrayTab(TASKS_TAB);
}

/** Asks for it; what becomes of it is told like everything else. */
export async function cancelTask(id: string): Promise<void> {
  try {
    noteTask(await requestJson<Task>(`/api/tasks/${encodeURIComponent(id)}/cancel`, { method: 'POST' }));
  } catch (error) {
    toast('bad', taskStrings.cancelFailed(statusOf(error).message));
  }
}

export function runningCount(state: TasksState): number {
  return state.tasks.filter((task) => !isEnded(task)).length;
}

function put(next: TasksState): void {
  const ended = endedSince(tasks.get().tasks, next.tasks);
  tasks.set(next);
  for (const task of ended) {
    const tone = task.state === 'failed' ? 'bad' : task.state === 'cancelled' ? 'warn' : 'ok';
    const more = { text: taskStrings.show, run: () => showTask(task.id) };
    const group = {
      name: 'tasks',
      text: (count: number) => taskStrings.endedMany(count, task.state),
      more: { text: taskStrings.show, run: () => showTask() },
    };
    toast(tone, taskStrings.ended(task.title, task.state, task.status?.message), more, group);
  }
}
