import { useEffect, useId, useState, type ReactElement } from 'react';
import type { Task, TaskStep } from '@krateyard/tasks/task';
import { useLiveSource } from '../live/live-context.ts';
import { useStore } from '../live/use-store.ts';
import { Age } from '../parts/age.tsx';
import { useSecond } from '../parts/freshness.tsx';
import { Icon } from '../parts/icon.tsx';
import { Notice, StatusWords } from '../parts/notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import type { TrayTab } from '../tray/tray.ts';
import { updateTrayTab } from '../tray/tray.ts';
import { formatAge } from '../words/age.ts';
import type { StatusWord } from '../words/status-vocabulary.ts';
import { isEnded } from './task-merge.ts';
import { cancelTask, runningCount, tasks } from './task-store.ts';
import { taskStrings } from './task-strings.ts';
import './tasks-view.css';

const WORDS: Readonly<Record<Task['state'], StatusWord>> = {
  requested: 'Pending',
  accepted: 'Pending',
  observed: 'Running',
  failed: 'Failed',
  cancelled: 'Stopped',
};
const STEP_WORDS: Readonly<Record<TaskStep['state'], StatusWord>> = {
  waiting: 'Stopped',
  running: 'Pending',
  done: 'Running',
  failed: 'Failed',
  skipped: 'Unknown',
};

/** The person's tasks, live, in the tray. */
export function TasksView({ tab }: { readonly tab: TrayTab; readonly shown: boolean }): ReactElement {
  const state = useStore(tasks);
  const { phase } = useStore(useLiveSource().state);
  const mark = runningCount(state) > 0 ? 'busy' : undefined;
  useEffect(() => {
    updateTrayTab(tab.id, { mark });
  }, [tab.id, mark]);
  if (!state.known && state.tasks.length === 0) return <p className="tasks-asking">{taskStrings.loading}</p>;
  if (state.tasks.length === 0) {
    return (
      <Notice icon="tasks" title={taskStrings.emptyTitle}>
        <p>{taskStrings.empty}</p>
      </Notice>
    );
  }
  return (
    <>
      {phase !== 'open' && (
        <p className="tasks-stale" role="status">
          <Icon name="unplugged" /> {taskStrings.notLive}
        </p>
      )}
      <ul className="tasks" aria-label={taskStrings.list}>
        {state.tasks.map((task) => (
          <TaskLine key={task.id} task={task} asked={state.open === task.id} />
        ))}
      </ul>
    </>
  );
}

function TaskLine({ task, asked }: { readonly task: Task; readonly asked: boolean }): ReactElement {
  const [open, setOpen] = useState(asked);
  const id = useId();
  useEffect(() => {
    if (asked) setOpen(true);
  }, [asked]);
  const ended = isEnded(task);
  const counted = task.steps.filter(({ state }) => state !== 'skipped');
  const done = counted.filter(({ state }) => state === 'done').length;
  const more = task.steps.length > 0 || task.status !== undefined;
  return (
    <li className={ended ? 'task task-ended' : 'task'} data-state={task.state}>
      <div className="task-line">
        <span className={`task-state`} title={taskStrings.stateHints[task.state]}>
          <StatusMark word={WORDS[task.state]} />
          {taskStrings.states[task.state]}
        </span>
        <span className="task-words">
          {more ? (
            <button
              type="button"
              className="plain task-title"
              aria-expanded={open}
              aria-controls={id}
              onClick={() => setOpen(!open)}
            >
              <Icon name="chevron" />
              <span>{task.title}</span>
            </button>
          ) : (
            <span className="task-title">{task.title}</span>
          )}
          {task.message !== undefined && !ended && <span className="task-message">{task.message}</span>}
          {task.state === 'failed' && task.status && (
            <span className="task-message task-bad">{task.status.message}</span>
          )}
        </span>
        <span className="task-end">
          {counted.length > 0 && <span>{taskStrings.stepsDone(done, counted.length)}</span>}
          <Taken task={task} />
          {!ended && task.cancellable && (
            <button
              type="button"
              aria-label={taskStrings.cancelTask(task.title)}
              onClick={() => void cancelTask(task.id)}
            >
              {taskStrings.cancel}
            </button>
          )}
        </span>
        {counted.length > 0 && !ended && (
          <progress className="task-progress" aria-hidden="true" max={counted.length} value={done} />
        )}
      </div>
      {open && more && (
        <div id={id} className="task-more">
          <Steps steps={task.steps} />
          {task.status && <StatusWords status={task.status} />}
        </div>
      )}
    </li>
  );
}

/** How long it took, or takes. */
function Taken({ task }: { readonly task: Task }): ReactElement {
  const { startedAt, endedAt } = task;
  const now = useSecond(endedAt === undefined);
  const until = endedAt === undefined ? now : Date.parse(endedAt);
  return (
    <span className="task-time">
      <span title={endedAt === undefined ? taskStrings.for : taskStrings.took}>
        {formatAge(until - Date.parse(startedAt))}
      </span>
      {endedAt !== undefined && (
        <small>
          <Age at={Date.parse(endedAt)} />
        </small>
      )}
    </span>
  );
}

function Steps({ steps }: { readonly steps: readonly TaskStep[] }): ReactElement | null {
  if (steps.length === 0) return null;
  return (
    <ol className="task-steps">
      {steps.map((step, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- steps are only ever added at the end
        <li key={index} data-state={step.state}>
          <StatusMark word={STEP_WORDS[step.state]} />
          <span>{step.title}</span>
          <small>
            {taskStrings.steps[step.state]}
            {step.detail !== undefined && `: ${step.detail}`}
          </small>
        </li>
      ))}
    </ol>
  );
}
