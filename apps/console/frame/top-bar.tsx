import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { apiServer } from '@krateyard/ui/live/api-server';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import { downSince } from '@krateyard/ui/live/socket-state';
import { useStore } from '@krateyard/ui/live/use-store';
import { useSecond } from '@krateyard/ui/parts/freshness.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import type { Room } from '@krateyard/ui/room';
import { runningCount, showTask, tasks } from '@krateyard/ui/tasks/task-store';
import { taskStrings } from '@krateyard/ui/tasks/task-strings';
import { MOD } from '@krateyard/ui/keys/mod';
import { spotlightStrings } from '@krateyard/ui/spotlight/spotlight-strings';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { formatClock } from '@krateyard/ui/words/format-time';
import type { Session } from '../session-api.ts';
import { strings } from '../strings.ts';
import { NamespacePicker } from './namespace-picker.tsx';
import { followsNamespaces } from './use-keep-namespaces.ts';
import { PeopleHere } from './people-here.tsx';
import { PersonMenu } from './person-menu.tsx';

/** Cluster, namespaces, the room's own pickers, the connection, the person. */
export function TopBar(props: {
  readonly session: Session;
  readonly room: Room | undefined;
  readonly onHelp: () => void;
  readonly onFind: () => void;
}): ReactElement {
  const { session, room, onHelp, onFind } = props;
  const [path] = useLocation();
  const follows = followsNamespaces(path);
  return (
    <header className="top-bar">
      <span className="brand">
        <img src="/mark.svg" alt={strings.product} width="20" height="20" />
      </span>
      <span className="cluster" title={`${strings.cluster}: ${session.cluster.name}`}>
        <Icon name="cluster" />
        <span className="only-spoken">{strings.cluster}: </span>
        <b className="clip">{session.cluster.name}</b>
        {session.cluster.embedded && <small>{strings.embedded}</small>}
      </span>
      {follows && (
        <span className="top-bar-picks">
          <NamespacePicker />
          {room?.TopBar && <room.TopBar />}
        </span>
      )}
      <button type="button" className="find-button" onClick={onFind} aria-keyshortcuts="Control+K Meta+K">
        <Icon name="search" />
        <span className="only-spoken">{spotlightStrings.open}</span>
        <span className="find-words" aria-hidden="true">
          {spotlightStrings.open}
        </span>
        <kbd aria-hidden="true">{MOD}K</kbd>
      </button>
      <span className="top-bar-end">
        <PeopleHere />
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

/** The links behind what is shown: to the gateway, and from there to the API server. How true the rows are stands beside them. */
function LinkState(): ReactElement {
  const source = useLiveSource();
  const state = useStore(source.state);
  const told = useStore(apiServer)?.state;
  const away = state.phase === 'open' && told !== undefined && told !== 'answers' ? told : undefined;
  const now = useSecond(state.phase === 'waiting');
  const since = downSince(state);
  if (state.phase === 'waiting') {
    const seconds = Math.max(0, Math.ceil((state.retryAt - now) / 1000));
    return (
      <button
        type="button"
        className="plain link link-waiting"
        title={`${state.reason} ${uiStrings.retryIn(seconds)}`}
        data-link="waiting"
        onClick={() => source.wake()}
      >
        <span className="link-mark" aria-hidden="true" />
        <span>{uiStrings.disconnectedSince(formatClock(since ?? now, now))}</span>
        <b>{uiStrings.retryNow}</b>
      </button>
    );
  }
  const phase = away ?? state.phase;
  return (
    <span className={`link link-${phase}`} title={strings.linkTitle} data-link={phase} role="status">
      <span className="link-mark" aria-hidden="true" />
      <span>{away ? strings.apiServer[away] : strings.link[state.phase]}</span>
    </span>
  );
}
