import type { ReactElement } from 'react';
import { peopleHere } from '@krateyard/ui/live/people-here';
import { useStore } from '@krateyard/ui/live/use-store';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { formatLocal } from '@krateyard/ui/words/format-time';
import { strings } from '../strings.ts';

/** Named in the bar; all are in its title. */
const NAMED = 2;

/** Who else looks at the object that this page shows. Nobody: nothing, but a place from which comers are spoken. */
export function PeopleHere(): ReactElement {
  const people = useStore(peopleHere);
  const names = people.slice(0, NAMED).map(({ name }) => name);
  const more = people.length - names.length;
  return (
    <span
      className="people-here"
      role="status"
      title={people.map(({ name, since }) => strings.hereSince(name, formatLocal(since))).join('\n')}
    >
      {people.length > 0 && (
        <>
          <Icon name="person" />
          <span className="only-spoken">{strings.alsoHere} </span>
          <span className="people-names clip only-spoken-narrow" dir="auto">
            {names.join(', ')}
          </span>
          {more > 0 && <b className="only-spoken-narrow">+{more}</b>}
          <b className="people-count" aria-hidden="true">
            {people.length}
          </b>
        </>
      )}
    </span>
  );
}
