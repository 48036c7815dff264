import type { ReactElement, ReactNode } from 'react';
import { copyText } from '../parts/clipboard.ts';
import { Icon } from '../parts/icon.tsx';
import { PeopleFace } from '../parts/people.tsx';
import { PhaseMark } from '../parts/phase-mark.tsx';
import { Popover } from '../parts/popover.tsx';
import { PeopleList } from './people-list.tsx';
import { sessionStrings as strings, type SessionWords } from './session-strings.ts';
import type { TerminalClient } from './terminal-client.ts';
import { TerminalMenu } from './terminal-menu.tsx';
import { isOwned, isOwner, mayType, me, type TerminalSnapshot } from './terminal-snapshot.ts';
import '../parts/session-bar.css';
import './session.css';

interface BarProps {
  readonly snapshot: TerminalSnapshot;
  readonly client: TerminalClient | undefined;
  readonly title: string;
  /** What runs there, beside the title. */
  readonly program: string;
  readonly words: SessionWords;
  /** Where somebody else joins. */
  readonly href: string;
  /** Recording is offered. */
  readonly records: boolean;
  /** Beside the settings, in their menu. */
  readonly children?: (close: () => void) => ReactNode;
}

/** Above the terminal: how it stands, who types, who is there, whether it is recorded. */
export function SessionBar(props: BarProps): ReactElement {
  const { snapshot, client, title, program, words, href } = props;
  const { phase } = snapshot.phase;
  const live = phase === 'live';
  const waiting = live && snapshot.notice?.state === 'waiting';
  return (
    <header className="session-bar term-bar" aria-label={words.bar}>
      <PhaseMark phase={waiting ? 'waiting' : phase} />
      <strong className="clip" dir="auto" title={title}>
        {title}
      </strong>
      {snapshot.hello && program !== '' && <code className="term-program clip">{program}</code>}
      <div className="term-bar-end">
        {live && client && <Keyboard snapshot={snapshot} client={client} />}
        {live && client && props.records && <Recording snapshot={snapshot} client={client} />}
        {snapshot.hello && client && (
          <Popover label={words.peopleLabel} face={<PeopleFace people={snapshot.participants} />}>
            {() => (
              <PeopleList
                snapshot={snapshot}
                client={client}
                label={words.peopleLabel}
                onCopyLink={() => copyLink(href, words.linkCopied)}
              />
            )}
          </Popover>
        )}
        <Popover label={strings.settings} face={<Icon name="screen" />}>
          {(close) => <TerminalMenu>{props.children?.(close)}</TerminalMenu>}
        </Popover>
      </div>
    </header>
  );
}

function Keyboard(props: {
  readonly snapshot: TerminalSnapshot;
  readonly client: TerminalClient;
}): ReactElement | null {
  const { snapshot, client } = props;
  const { participants, keyboard, hello } = snapshot;
  const alone = participants.length < 2;
  if (mayType(snapshot)) {
    if (alone) return null;
    return (
      <span className="session-keys">
        <Icon name="keyboard" />
        <span>{strings.youType}</span>
        {!isOwner(snapshot) && (
          <button type="button" onClick={() => client.say({ type: 'release' })}>
            {isOwned(snapshot) ? strings.release : strings.letGo}
          </button>
        )}
      </span>
    );
  }
  const typist = participants.find(({ id }) => id === keyboard);
  const asked = me(snapshot)?.asks ?? false;
  return (
    <span className="session-keys">
      <span className="session-looking" title={strings.viewOnlyHint}>
        <Icon name="lock" />
        <span>{strings.viewOnly}</span>
      </span>
      {typist && typist.id !== hello?.you && (
        <span className="term-typist clip">{strings.typing(typist.username)}</span>
      )}
      {!typist && <span className="term-typist clip">{strings.nobodyTypes}</span>}
      {isOwner(snapshot) || !typist ? (
        <button type="button" onClick={() => client.say({ type: 'take' })}>
          {strings.take}
        </button>
      ) : (
        <button type="button" disabled={asked} onClick={() => client.say({ type: 'ask' })}>
          {asked ? strings.asked : strings.ask}
        </button>
      )}
    </span>
  );
}

function Recording(props: {
  readonly snapshot: TerminalSnapshot;
  readonly client: TerminalClient;
}): ReactElement | null {
  const { recording } = props.snapshot;
  const may = mayType(props.snapshot) || isOwner(props.snapshot);
  const toggle = (): void => {
    props.client.say({ type: 'record', on: !recording.on });
  };
  if (!recording.on) {
    return (
      <button
        type="button"
        className="plain"
        disabled={!may}
        title={may ? undefined : strings.recordNeeds}
        onClick={toggle}
      >
        <i className="term-rec-off" aria-hidden="true" />
        <span className="only-spoken-narrow">{strings.record}</span>
      </button>
    );
  }
  const why = recording.by === undefined ? strings.recordingPolicy : strings.recordingBy(recording.by);
  return (
    <button type="button" className="plain term-rec" title={why} onClick={toggle}>
      <i aria-hidden="true" />
      <span className="only-spoken">{strings.recordStop} </span>
      <span>{strings.recording}</span>
    </button>
  );
}

function copyLink(href: string, copied: string): void {
  void copyText(new URL(href, location.href).href, copied, strings.linkFailed);
}
