import { useEffect, useState, type ReactElement } from 'react';
import { Icon } from '../parts/icon.tsx';
import { sessionStrings as strings, type SessionWords } from './session-strings.ts';
import type { TerminalClient } from './terminal-client.ts';
import { isOwner, mayType, type TerminalPhase, type TerminalSnapshot } from './terminal-snapshot.ts';
import './session.css';

/** Somebody asks for the keyboard of who may give it. */
export function AskersBand(props: {
  readonly snapshot: TerminalSnapshot;
  readonly client: TerminalClient | undefined;
}): ReactElement | null {
  const { snapshot, client } = props;
  const [ignored, setIgnored] = useState<string>();
  const asker = snapshot.participants.find(({ asks, id }) => asks && id !== snapshot.hello?.you);
  if (!asker || asker.id === ignored || !(mayType(snapshot) || isOwner(snapshot))) return null;
  return (
    <div className="term-band" role="status">
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

/** While the connection is made again: how long the session is held meanwhile. What was drawn stays below it. */
export function LostBand(props: {
  readonly phase: Extract<TerminalPhase, { phase: 'reconnecting' }>;
  /** One has been in the session. */
  readonly held: boolean;
  readonly words: SessionWords;
  readonly onRetry: () => void;
}): ReactElement {
  const { phase, held, words, onRetry } = props;
  const now = useSeconds();
  const left = Math.max(0, Math.ceil((phase.heldUntil - now) / 1000));
  return (
    <div className="term-band term-band-warn" data-held={left}>
      <Icon name="unplugged" />
      <p>
        <b>{strings.lostTitle}.</b> {held ? words.lostHeld(left) : strings.lostTrying}
      </p>
      <button type="button" disabled={phase.retryAt === undefined} onClick={onRetry}>
        {strings.tryNow}
      </button>
    </div>
  );
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
