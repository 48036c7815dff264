import { useEffect, useState, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { NO_SHELL, type Exit } from '../../contract/shell-protocol.ts';
import { DebugOffer } from './debug-offer.tsx';
import type { ShellAddress } from './shell-address.ts';
import type { ShellClient } from './shell-client.ts';
import { isOwner, mayType, type ShellPhase, type ShellSnapshot } from './shell-snapshot.ts';
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
      return <Askers {...props} />;
    case 'reconnecting':
      return (
        <Lost phase={phase} held={props.snapshot.hello !== undefined} onRetry={() => props.client?.wake()} />
      );
    case 'ended':
      return <Ended {...props} exit={phase.exit} />;
    case 'refused':
      return <Refused {...props} status={phase.status} />;
  }
}

function Askers({ snapshot, client }: StateProps): ReactElement | null {
  const [ignored, setIgnored] = useState<string>();
  const asker = snapshot.participants.find(({ asks, id }) => asks && id !== snapshot.hello?.you);
  if (!asker || asker.id === ignored || !(mayType(snapshot) || isOwner(snapshot))) return null;
  return (
    <div className="shell-band" role="status">
      <Icon name="keyboard" />
      <p>{strings.asksFor(asker.username)}</p>
      <button type="button" className="primary" onClick={() => client?.say({ type: 'grant', to: asker.id })}>
        {strings.grant}
      </button>
      <button type="button" onClick={() => setIgnored(asker.id)}>
        {strings.refuse}
      </button>
    </div>
  );
}

function Lost(props: {
  readonly phase: Extract<ShellPhase, { phase: 'reconnecting' }>;
  readonly held: boolean;
  readonly onRetry: () => void;
}): ReactElement {
  const { phase, held, onRetry } = props;
  const now = useSeconds();
  const left = Math.max(0, Math.ceil((phase.heldUntil - now) / 1000));
  return (
    <div className="shell-band shell-band-warn" data-held={left}>
      <Icon name="unplugged" />
      <p>
        <b>{strings.lostTitle}.</b> {held ? strings.lostHeld(left) : strings.lostTrying}
      </p>
      <button type="button" disabled={phase.retryAt === undefined} onClick={onRetry}>
        {strings.tryNow}
      </button>
    </div>
  );
}

/** Where the gateway knows more than the reason says. */
const TOLD: ReadonlySet<Exit['reason']> = new Set(['failed', 'upstream-lost', 'pod-gone', 'signalled']);

function Ended(
  props: StateProps & { readonly exit: Extract<ShellPhase, { phase: 'ended' }>['exit'] },
): ReactElement {
  const { exit, again, onOpen, snapshot } = props;
  const [, navigate] = useLocation();
  const said =
    exit.reason === 'exited' && exit.code !== null
      ? strings.exited(exit.code)
      : strings.exitReason[exit.reason];
  const recording = snapshot.recording.id;
  return (
    <div
      className={`shell-band ${exit.code === 0 ? '' : 'shell-band-warn'}`}
      data-exit={exit.code ?? exit.reason}
    >
      <Icon name="out" />
      <p>
        <b>{said}</b> {TOLD.has(exit.reason) && exit.message}
      </p>
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
    </div>
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

/** The time, once a second. */
function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return now;
}
