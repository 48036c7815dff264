import type { ReactElement } from 'react';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import { useStore } from '@krateyard/ui/live/use-store';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import type { Room } from '@krateyard/ui/room';
import { runningCount, showTask, tasks } from '@krateyard/ui/tasks/task-store';
import { taskStrings } from '@krateyard/ui/tasks/task-strings';
import { MOD } from '@krateyard/ui/keys/mod';
import { spotlightStrings } from '@krateyard/ui/spotlight/spotlight-strings';
import { strings as uiStrings } from '@krateyard/ui/strings';
import type { Session } from '../session-api.ts';
import { strings } from '../strings.ts';
import { NamespacePicker } from './namespace-picker.tsx';
import { PersonMenu } from './person-menu.tsx';

/** Cluster, namespaces, the room's own pickers, the connection, the person. */
export function TopBar(props: {
  readonly session: Session;
  readonly room: Room | undefined;
  readonly onHelp: () => void;
  readonly onFind: () => void;
}): ReactElement {
  const { session, room, onHelp, onFind } = props;
  return (
    <header className="top-bar">
      <span className="brand">
        <img src="/mark.svg" alt={strings.product} width="20" height="20" />
      </span>
      <span className="cluster" title={strings.cluster}>
        <Icon name="cluster" />
        <span className="only-spoken">{strings.cluster}: </span>
        <b className="clip">{session.cluster.name}</b>
        {session.cluster.embedded && <small>{strings.embedded}</small>}
      </span>
      <NamespacePicker />
      {room?.TopBar && <room.TopBar />}
      <button type="button" className="find-button" onClick={onFind} aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" />
        <span className="only-spoken">{spotlightStrings.open}</span>
        <span className="find-words" aria-hidden="true">
          {spotlightStrings.open}
        </span>
        <kbd aria-hidden="true">{MOD}K</kbd>
      </button>
      <span className="top-bar-end">
        <LinkState />
        <TasksButton />
        <button
          type="button"
          className="plain square keys-button"
          aria-label={uiStrings.showKeys}
          onClick={onHelp}
        >
          <Icon name="keyboard" />
        </button>
        <PersonMenu session={session} />
      </span>
    </header>
  );
}

/** How many tasks are under way, and the way to them. */
function TasksButton(): ReactElement {
  const count = runningCount(useStore(tasks));
  return (
    <button
      type="button"
      className={count > 0 ? 'plain tasks-button' : 'plain square tasks-button'}
      aria-label={taskStrings.running(count)}
      title={taskStrings.running(count)}
      onClick={() => showTask()}
    >
      <Icon name="tasks" />
      {count > 0 && <b>{count}</b>}
    </button>
  );
}

/** The socket to the gateway. How true the rows are stands beside the rows. */
function LinkState(): ReactElement {
  const { phase } = useStore(useLiveSource().state);
  return (
    <span className={`link link-${phase}`} title={strings.linkTitle} data-link={phase}>
      <span className="link-mark" aria-hidden="true" />
      <span>{strings.link[phase]}</span>
    </span>
  );
}
