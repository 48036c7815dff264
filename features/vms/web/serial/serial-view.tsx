import { useEffect, useRef, type ReactElement } from 'react';
import { Link } from 'wouter';
import { announce } from '@krateyard/ui/parts/announce';
import { toast } from '@krateyard/ui/parts/toasts';
import { SessionBar } from '@krateyard/ui/terminal/session-bar.tsx';
import type { TerminalLink } from '@krateyard/ui/terminal/terminal-client';
import { mayType, type TerminalSnapshot } from '@krateyard/ui/terminal/terminal-snapshot';
import { TerminalView } from '@krateyard/ui/terminal/terminal-view.tsx';
import type { ConsoleHello } from '../../contract/console-protocol.ts';
import { recordingsHref, serialHref, type SerialAddress } from './serial-address.ts';
import { SerialState } from './serial-state.tsx';
import { serialStrings as strings } from './serial-strings.ts';
import { useSerial } from './use-serial.ts';

export interface SerialViewProps {
  readonly address: SerialAddress;
  readonly shown: boolean;
  /** Typing goes here as soon as it is live; else only after a click. */
  readonly takesFocus: boolean;
  /** What a reload comes back by, as soon as it is known. */
  readonly onLink?: (link: TerminalLink) => void;
  readonly onSnapshot?: (snapshot: TerminalSnapshot<ConsoleHello>) => void;
  readonly onAgain: () => void;
}

/** One machine's serial console: its bar, its terminal, and what stands over it while there is something to say. */
export function SerialView(props: SerialViewProps): ReactElement {
  const { address, shown, takesFocus } = props;
  const { snapshot, client, attach } = useSerial(address);
  const { hello } = snapshot;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => latest.current.onSnapshot?.(snapshot), [snapshot]);
  const { session, key } = hello ?? {};
  useEffect(() => {
    if (session !== undefined) latest.current.onLink?.({ session, key });
  }, [session, key]);
  useTold(snapshot);
  const typing = mayType(snapshot);
  return (
    <div className="term-session">
      <SessionBar
        snapshot={snapshot}
        client={client}
        title={address.name}
        program={strings.short}
        words={strings}
        href={serialHref(address)}
        records
      >
        {(close) => (
          <Link href={recordingsHref(address.name)} onClick={close}>
            {strings.recordings}
          </Link>
        )}
      </SessionBar>
      <SerialState snapshot={snapshot} client={client} onAgain={props.onAgain} />
      <TerminalView
        title={strings.title(address.name)}
        shown={shown}
        focused={takesFocus && hello !== undefined}
        readOnly={!typing}
        fixed={hello && !typing ? snapshot.size : undefined}
        onInput={(bytes) => client?.type(bytes)}
        onResize={() => client?.resize()}
        onReady={attach}
      />
    </div>
  );
}

/** What was refused, and what is waited for, is told where it is seen and heard. */
function useTold({ complaint, phase, notice }: TerminalSnapshot): void {
  useEffect(() => {
    if (complaint) toast('warn', complaint.status.message);
  }, [complaint]);
  useEffect(() => {
    if (phase.phase === 'reconnecting') announce(strings.lostTitle);
  }, [phase.phase]);
  useEffect(() => {
    if (notice) announce(notice.message);
  }, [notice]);
}
