import type { Task, TaskStep } from '@krateyard/tasks/task';
import { formatCount } from '../words/format-time.ts';

const states = {
  requested: 'Requested',
  accepted: 'Accepted',
  observed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
} satisfies Record<Task['state'], string>;

/** Everything that the tasks say. */
export const taskStrings = {
  title: 'Tasks',
  running: (count: number): string => (count === 0 ? 'Tasks' : `Tasks, ${formatCount(count)} under way`),
  states,
  stateHints: {
    requested: 'Asked of the API server.',
    accepted: 'The API server said yes; not seen to happen yet.',
    observed: 'Seen to have happened.',
    failed: 'It did not happen, or not wholly.',
    cancelled: 'Stopped; what was done until then stays done.',
  } satisfies Record<Task['state'], string>,
  steps: {
    waiting: 'waiting',
    running: 'running',
    done: 'done',
    failed: 'failed',
    skipped: 'skipped',
  } satisfies Record<TaskStep['state'], string>,
  stepsDone: (done: number, all: number): string => `${formatCount(done)} of ${formatCount(all)}`,
  cancel: 'Cancel',
  cancelTask: (title: string): string => `Cancel: ${title}`,
  cancelFailed: (why: string): string => `It could not be cancelled: ${why}`,
  show: 'Show',
  ended: (title: string, state: Task['state'], why: string | undefined): string =>
    `${title}: ${states[state].toLowerCase()}${why && state === 'failed' ? `. ${why}` : ''}`,
  endedMany: (count: number, state: Task['state']): string =>
    `${formatCount(count)} tasks: ${states[state].toLowerCase()}`,
  lost: (title: string): string =>
    `${title}: the gateway has forgotten it (it was started anew). What the API server accepted goes on; look at the objects.`,
  emptyTitle: 'Nothing under way',
  empty:
    'What you ask the cluster to do shows here: first requested, then accepted, and done only when it was seen to happen. Ended tasks stay for an hour.',
  loading: 'Asking for your tasks',
  took: 'Took',
  for: 'For',
  list: 'Your tasks, newest first',
  notLive: 'Not connected: the tasks go on in the cluster, and show again with the connection.',
} as const;
