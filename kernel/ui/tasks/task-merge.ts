import type { Task } from '@krateyard/tasks/task';

/** Newest first, each once. What is told late does not undo what was told before it. */
export function mergeTask(tasks: readonly Task[], task: Task): readonly Task[] {
  const at = tasks.findIndex(({ id }) => id === task.id);
  const known = tasks[at];
  if (!known) return [task, ...tasks].toSorted(newestFirst);
  if (isEnded(known) || known.updatedAt > task.updatedAt) return tasks;
  return tasks.with(at, task);
}

/** The whole list as the server has it now. Ours that it does not know is forgotten there: it goes. */
export function replaceTasks(tasks: readonly Task[], items: readonly Task[]): readonly Task[] {
  return items.map(
    (item) => tasks.find(({ id, updatedAt }) => id === item.id && updatedAt > item.updatedAt) ?? item,
  );
}

/** Those that were under way and are not any more. */
export function endedSince(before: readonly Task[], now: readonly Task[]): readonly Task[] {
  const open = new Set(before.filter((task) => !isEnded(task)).map(({ id }) => id));
  return now.filter((task) => open.has(task.id) && isEnded(task));
}

/** Those under way that the gateway knows no longer: it was started anew. */
export function lostSince(before: readonly Task[], now: readonly Task[]): readonly Task[] {
  return before.filter((task) => !isEnded(task) && !now.some(({ id }) => id === task.id));
}

export function isEnded({ state }: Pick<Task, 'state'>): boolean {
  return state === 'observed' || state === 'failed' || state === 'cancelled';
}

const newestFirst = (a: Task, b: Task): number =>
  a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0;
