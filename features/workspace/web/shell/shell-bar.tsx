import { useId, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { TerminalMenu } from '@krateyard/ui/terminal/terminal-menu.tsx';
import { shellHref } from './shell-address.ts';
import type { ShellClient } from './shell-client.ts';
import { PeopleList } from './people-list.tsx';
import { isOwner, mayType, me, type ShellSnapshot } from './shell-snapshot.ts';
import { shellStrings as strings } from './shell-strings.ts';

interface BarProps {
  readonly snapshot: ShellSnapshot;
  readonly client: ShellClient | undefined;
  readonly title: string;
  /** Stands for the command, once the program has named itself. */
  readonly program: string;
  readonly onNew: () => void;
}

/** Above the terminal: how the shell stands, who types, who is there, whether it is recorded. */
export function ShellBar(props: BarProps): ReactElement {
  const { snapshot, client, title, program, onNew } = props;
  const live = snapshot.phase.phase === 'live';
  return (
    <header className="shell-bar" aria-label={strings.bar}>
      <Phase snapshot={snapshot} />
      <strong className="clip" dir="auto" title={title}>
        {title}
      </strong>
      {snapshot.hello && (
        <code className="shell-command clip">{program || snapshot.hello.command.join(' ')}</code>
      )}
      <div className="shell-bar-end">
        {live && client && <Keyboard snapshot={snapshot} client={client} />}
        {live && client && <Recording snapshot={snapshot} client={client} />}
        {snapshot.hello && client && (
          <Popover label={strings.peopleLabel} face={<PeopleFace snapshot={snapshot} />}>
            {() => (
              <PeopleList
                snapshot={snapshot}
                client={client}
                onCopyLink={() => copyLink(shellHref(client.address))}
              />
            )}
          </Popover>
        )}
        <Popover label={strings.settings} face={<Icon name="screen" />}>
          {(close) => (
            <TerminalMenu>
              <button
                type="button"
                onClick={() => {
                  close();
                  onNew();
                }}
              >
                {strings.newShell}
              </button>
            </TerminalMenu>
          )}
        </Popover>
      </div>
    </header>
  );
}

const TONES = {
  connecting: 'warn',
  live: 'ok',
  reconnecting: 'warn',
  refused: 'bad',
  ended: 'off',
} as const;

function Phase({ snapshot: { phase } }: { readonly snapshot: ShellSnapshot }): ReactElement {
  return (
    <span className={`shell-phase tone-${TONES[phase.phase]}`} data-phase={phase.phase} role="status">
      <i aria-hidden="true" />
      <span>{strings[phase.phase]}</span>
    </span>
  );
}

function Keyboard(props: {
  readonly snapshot: ShellSnapshot;
  readonly client: ShellClient;
}): ReactElement | null {
  const { snapshot, client } = props;
  const { participants, keyboard, hello } = snapshot;
  const alone = participants.length < 2;
  if (mayType(snapshot)) {
    if (alone) return null;
    return (
      <span className="shell-keyboard">
        <Icon name="keyboard" />
        <span>{strings.youType}</span>
        {!isOwner(snapshot) && (
          <button type="button" onClick={() => client.say({ type: 'release' })}>
            {strings.release}
          </button>
        )}
      </span>
    );
  }
  const typist = participants.find(({ id }) => id === keyboard);
  const asked = me(snapshot)?.asks ?? false;
  return (
    <span className="shell-keyboard">
      <span className="shell-view-only" title={strings.viewOnlyHint}>
        <Icon name="lock" />
        <span>{strings.viewOnly}</span>
      </span>
      {typist && typist.id !== hello?.you && (
        <span className="shell-typist clip">{strings.typing(typist.username)}</span>
      )}
      {isOwner(snapshot) ? (
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
  readonly snapshot: ShellSnapshot;
  readonly client: ShellClient;
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
        <i className="shell-rec-off" aria-hidden="true" />
        <span className="shell-word">{strings.record}</span>
      </button>
    );
  }
  const why = recording.by === undefined ? strings.recordingPolicy : strings.recordingBy(recording.by);
  return (
    <button type="button" className="plain shell-rec" title={why} onClick={toggle}>
      <i aria-hidden="true" />
      <span className="only-spoken">{strings.recordStop} </span>
      <span>{strings.recording}</span>
    </button>
  );
}

function PeopleFace({ snapshot }: { readonly snapshot: ShellSnapshot }): ReactElement {
  const { participants } = snapshot;
  return (
    <>
      <Icon name="person" />
      <span>{participants.length}</span>
      {participants.some(({ asks }) => asks) && <i className="shell-asks" aria-hidden="true" />}
    </>
  );
}

/** A button with a panel in the top layer, which closes at a press elsewhere and by Esc. */
function Popover(props: {
  readonly label: string;
  readonly face: ReactNode;
  readonly children: (close: () => void) => ReactNode;
}): ReactElement {
  const [open, setOpen] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const place = (button: HTMLElement): void => {
    const { bottom, right } = button.getBoundingClientRect();
    Object.assign(panel.current!.style, { top: `${bottom + 4}px`, right: `${innerWidth - right}px` });
  };
  return (
    <>
      <button
        type="button"
        className="plain"
        title={props.label}
        aria-expanded={open}
        popoverTarget={id}
        onClick={(event) => place(event.currentTarget)}
      >
        <span className="only-spoken">{props.label} </span>
        {props.face}
      </button>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Esc closes this and nothing behind it */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="shell-panel"
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => event.stopPropagation()}
      >
        {open && props.children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}

function copyLink(href: string): void {
  navigator.clipboard.writeText(new URL(href, location.href).href).then(
    () => toast('ok', strings.linkCopied),
    () => toast('warn', strings.linkFailed),
  );
}
