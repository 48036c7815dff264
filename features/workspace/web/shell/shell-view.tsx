import { useEffect, useRef, useState, type ReactElement } from 'react';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { announce } from '@krateyard/ui/parts/announce';
import { toast } from '@krateyard/ui/parts/toasts';
import { SessionBar } from '@krateyard/ui/terminal/session-bar.tsx';
import { mayType } from '@krateyard/ui/terminal/terminal-snapshot';
import { TerminalView } from '@krateyard/ui/terminal/terminal-view.tsx';
import type { Exit } from '../../contract/shell-protocol.ts';
import { shellHref, type ShellAddress } from './shell-address.ts';
import { NewShell } from './new-shell.tsx';
import type { ShellClient, ShellSnapshot } from './shell-client.ts';
import { ShellState } from './shell-state.tsx';
import { shellStrings as strings } from './shell-strings.ts';
import { useShell } from './use-shell.ts';
import './shell.css';

export interface ShellViewProps {
  readonly address: ShellAddress;
  readonly shown: boolean;
  /** Called with session and key once they are known: what a reload comes back by. */
  readonly onAddress: (address: ShellAddress) => void;
  readonly onSnapshot?: (snapshot: ShellSnapshot, client: ShellClient | undefined) => void;
  /** Typing goes here as soon as it is live; else only after a click. */
  readonly takesFocus: boolean;
  /** Another shell instead of this one, or beside it. */
  readonly onOpen: (address: ShellAddress, how: 'again' | 'beside') => void;
}

/** One shell: its bar, its terminal, and what stands over it while there is something to say. */
export function ShellView(props: ShellViewProps): ReactElement {
  const { address, shown, takesFocus, onOpen } = props;
  /** What the program calls itself: a host and folder, a file. */
  const [program, setProgram] = useState('');
  const { snapshot, client, attach } = useShell(address);
  const { hello } = snapshot;
  const title = strings.title(hello?.pod ?? address.pod, hello?.container ?? address.container);
  const latest = useRef({ props, hello });
  useEffect(() => {
    latest.current = { props, hello };
  });
  useEffect(() => latest.current.props.onSnapshot?.(snapshot, client), [snapshot, client]);
  useEffect(() => {
    const { props, hello } = latest.current;
    if (!hello || !client) return;
    const { namespace: ns, pod, container } = hello;
    props.onAddress({ ...props.address, ...client.link, ns, pod, container });
  }, [client, hello?.session, hello?.key]);
  useComplaints(snapshot);
  const typing = mayType(snapshot);
  const again: ShellAddress = {
    ns: hello?.namespace ?? address.ns,
    pod: hello?.pod ?? address.pod,
    container: hello?.container ?? address.container,
    command: address.command,
  };
  const askNew = (): void => {
    openDialog(() => <NewShell address={again} onOpen={(chosen) => onOpen(chosen, 'beside')} />);
  };
  return (
    <div className="shell term-session">
      <SessionBar
        snapshot={snapshot}
        client={client}
        title={title}
        program={program || (hello?.command.join(' ') ?? '')}
        words={strings}
        href={shellHref({ ...again, ...client?.link })}
        records
      >
        {(close) => (
          <button
            type="button"
            onClick={() => {
              close();
              askNew();
            }}
          >
            {strings.newShell}
          </button>
        )}
      </SessionBar>
      <ShellState snapshot={snapshot} client={client} again={again} onOpen={onOpen} />
      <TerminalView
        title={title}
        shown={shown}
        focused={takesFocus && hello !== undefined}
        readOnly={!typing}
        fixed={hello && !typing && hello.tty ? snapshot.size : undefined}
        onInput={(bytes) => client?.type(bytes)}
        onResize={() => client?.resize()}
        onTitle={setProgram}
        onReady={attach}
      />
    </div>
  );
}

/** What was refused, and who wants something, is told where it is seen and heard. */
function useComplaints({ complaint, phase, keyboard, hello }: ShellSnapshot): void {
  const reason = phase.phase === 'ended' ? phase.exit.reason : undefined;
  const typing = hello && keyboard !== null ? keyboard === hello.you : undefined;
  useEffect(() => {
    if (complaint) toast('warn', complaint.status.message);
  }, [complaint]);
  useEffect(() => {
    if (phase.phase === 'reconnecting') announce(strings.lostTitle);
    if (reason !== undefined) announce(strings.exitReason[reason as Exit['reason']]);
  }, [phase.phase, reason]);
  useEffect(() => {
    if (typing !== undefined) announce(typing ? strings.youType : strings.viewOnly);
  }, [typing]);
}
