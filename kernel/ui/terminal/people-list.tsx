import type { ReactElement } from 'react';
import { PeopleRows } from '../parts/people.tsx';
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
  const { hello, keyboard, participants } = snapshot;
  const owner = isOwner(snapshot);
  const gives = owner || mayType(snapshot);
  const people = participants.map(({ id, username, role, asks, connected }) => {
    const other = id !== hello?.you;
    const facts = [
      id === keyboard ? strings.types : asks ? strings.asks : undefined,
      role === 'owner' ? strings.owner : undefined,
      connected ? undefined : strings.away,
    ];
    return {
      id,
      username,
      self: !other,
      fact: facts.filter((fact) => fact !== undefined).join(' · '),
      onGrant: other && gives && id !== keyboard ? () => client.say({ type: 'grant', to: id }) : undefined,
      onRemove: other && owner ? () => client.say({ type: 'remove', participant: id }) : undefined,
    };
  });
  return (
    <>
      <PeopleRows people={people} label={label} words={strings} />
      <button type="button" onClick={onCopyLink}>
        {strings.copyLink}
      </button>
    </>
  );
}
