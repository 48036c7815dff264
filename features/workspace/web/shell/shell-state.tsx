import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Band } from '@krateyard/ui/parts/band.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { AskersBand, LostBand } from '@krateyard/ui/terminal/session-bands.tsx';
import type { TerminalPhase } from '@krateyard/ui/terminal/terminal-snapshot';
import { NO_SHELL, type Exit } from '../../contract/shell-protocol.ts';
import { DebugOffer } from './debug-offer.tsx';
import type { ShellAddress } from './shell-address.ts';
import type { ShellClient, ShellSnapshot } from './shell-client.ts';
import { shellStrings as strings } from './shell-strings.ts';

interface StateProps {
  readonly snapshot: ShellSnapshot;
  readonly client: ShellClient | undefined;
  /** The same place, without the session. */
  readonly again: ShellAddress;
  readonly onOpen: (address: ShellAddress, how: 'again' | 'beside') => void;
}

/** What stands between bar and terminal: lost, ended, refused, or somebody who asks. What was drawn stays below it. */
export function ShellState(props: StateProps): ReactElement | null {
  const { phase } = props.snapshot;
  switch (phase.phase) {
    case 'connecting':
      return null;
    case 'live':
      return <AskersBand snapshot={props.snapshot} client={props.client} />;
    case 'reconnecting':
      return (
        <LostBand
          phase={phase}
          held={props.snapshot.hello !== undefined}
          words={strings}
          onRetry={() => props.client?.wake()}
        />
      );
    case 'ended':
      return <Ended {...props} exit={phase.exit} />;
    case 'refused':
      return <Refused {...props} status={phase.status} />;
  }
}

/** Where the gateway knows more than the reason says. */
const TOLD: ReadonlySet<string> = new Set(['failed', 'upstream-lost', 'pod-gone', 'signalled']);

function Ended(
  props: StateProps & { readonly exit: Extract<TerminalPhase, { phase: 'ended' }>['exit'] },
): ReactElement {
  const { exit, again, onOpen, snapshot } = props;
  const [, navigate] = useLocation();
  const said =
    exit.reason === 'exited' && exit.code !== null
      ? strings.exited(exit.code)
      : strings.exitReason[exit.reason as Exit['reason']];
  const recording = snapshot.recording.id;
  return (
    <Band
      icon="out"
      tone={exit.code === 0 ? undefined : 'warn'}
      quiet
      data-exit={exit.code ?? exit.reason}
      actions={
        <>
          {recording !== undefined && (
            <button type="button" onClick={() => navigate(`/recordings/${recording}`)}>
              {strings.toReplay}
            </button>
          )}
          {again.pod !== '' && exit.reason !== 'pod-gone' && (
            <button type="button" className="primary" onClick={() => onOpen(again, 'again')}>
              {strings.openAgain}
            </button>
          )}
        </>
      }
    >
      <b>{said}</b> {TOLD.has(exit.reason) && exit.message}
    </Band>
  );
}

function Refused(props: StateProps & { readonly status: LiveStatus }): ReactElement {
  const { status, again, onOpen } = props;
  const open = again.pod !== '' && (
    <button type="button" onClick={() => onOpen(again, 'again')}>
      {strings.openAgain}
    </button>
  );
  if (causesOf(status).includes(NO_SHELL)) {
    return (
      <Notice icon="lock" tone="warn" title={strings.noShellTitle} status={status}>
        <p>{strings.noShell}</p>
        <DebugOffer address={again} onOpen={(address) => onOpen(address, 'again')} />
      </Notice>
    );
  }
  const title = {
    403: strings.forbiddenTitle,
    404: strings.goneTitle,
    410: strings.goneTitle,
  }[status.code];
  return (
    <Notice icon="lock" tone="warn" title={title ?? strings.refusedTitle} status={status} actions={open}>
      {title === strings.goneTitle && <p>{strings.gone}</p>}
    </Notice>
  );
}

function causesOf(status: LiveStatus): (string | undefined)[] {
  const details = status.details as { causes?: readonly { reason?: string }[] } | undefined;
  return details?.causes?.map(({ reason }) => reason) ?? [];
}
