import type { ReactElement } from 'react';
import { Band } from '../parts/band.tsx';
import { useSecond } from '../parts/freshness.tsx';
import { AskerBand } from '../parts/people.tsx';
import { strings as uiStrings } from '../strings.ts';
import { sessionStrings as strings, type SessionWords } from './session-strings.ts';
import type { TerminalClient } from './terminal-client.ts';
import { isOwner, mayType, type TerminalPhase, type TerminalSnapshot } from './terminal-snapshot.ts';

/** Somebody asks for the keyboard of who may give it. */
export function AskersBand(props: {
  readonly snapshot: TerminalSnapshot;
  readonly client: TerminalClient | undefined;
}): ReactElement | null {
  const { snapshot, client } = props;
  const gives = mayType(snapshot) || isOwner(snapshot);
  const asker = snapshot.participants.find(({ asks, id }) => asks && id !== snapshot.hello?.you);
  return (
    <AskerBand
      asker={gives ? asker : undefined}
      words={strings}
      onGrant={(to) => client?.say({ type: 'grant', to })}
    />
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
  const now = useSecond(true);
  const left = Math.max(0, Math.ceil((phase.heldUntil - now) / 1000));
  return (
    <Band
      icon="unplugged"
      tone="warn"
      quiet
      data-held={left}
      actions={
        <button type="button" disabled={phase.retryAt === undefined} onClick={onRetry}>
          {uiStrings.retryNow}
        </button>
      }
    >
      <b>{strings.lostTitle}.</b> {held ? words.lostHeld(left) : strings.lostTrying}
    </Band>
  );
}
