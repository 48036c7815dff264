import type { ReactElement } from 'react';
import type { Participant } from '@krateyard/terminals/terminal-protocol';
import { sessionStrings as strings } from './session-strings.ts';
import type { TerminalClient } from './terminal-client.ts';
import { isOwner, mayType, type TerminalSnapshot } from './terminal-snapshot.ts';

/** Who is there, and what may be done about them from here. */
export function PeopleList(props: {
  readonly snapshot: TerminalSnapshot;
  readonly client: TerminalClient;
  readonly label: string;
  readonly onCopyLink: () => void;
}): ReactElement {
  const { snapshot, client, label, onCopyLink } = props;
  return (
    <>
      <ul className="term-people" aria-label={label}>
        {snapshot.participants.map((one) => (
          <Person key={one.id} one={one} snapshot={snapshot} client={client} />
        ))}
      </ul>
      <button type="button" onClick={onCopyLink}>
        {strings.copyLink}
      </button>
    </>
  );
}

function Person(props: {
  readonly one: Participant;
  readonly snapshot: TerminalSnapshot;
  readonly client: TerminalClient;
}): ReactElement {
  const { one, snapshot, client } = props;
  const { hello, keyboard } = snapshot;
  const self = one.id === hello?.you;
  const owner = isOwner(snapshot);
  const facts = [
    one.id === keyboard ? strings.types : one.asks ? strings.asks : undefined,
    one.role === 'owner' ? strings.owner : undefined,
    one.connected ? undefined : strings.away,
  ].filter((fact) => fact !== undefined);
  return (
    <li>
      <span>
        <b className="clip" dir="auto">
          {one.username}
          {self && ` (${strings.you})`}
        </b>
        <small>{facts.join(' · ')}</small>
      </span>
      {!self && one.id !== keyboard && (owner || mayType(snapshot)) && (
        <button
          type="button"
          aria-label={strings.grantTo(one.username)}
          onClick={() => client.say({ type: 'grant', to: one.id })}
        >
          {strings.grant}
        </button>
      )}
      {!self && owner && (
        <button
          type="button"
          aria-label={strings.removeWho(one.username)}
          onClick={() => client.say({ type: 'remove', participant: one.id })}
        >
          {strings.remove}
        </button>
      )}
    </li>
  );
}
