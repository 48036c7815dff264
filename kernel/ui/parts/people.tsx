import { useState, type ReactElement } from 'react';
import { strings } from '../strings.ts';
import { Band } from './band.tsx';
import { Icon } from './icon.tsx';
import './people.css';

/** One of several who share a screen or a terminal, of whom one has the keys. */
export interface Person {
  readonly id: string;
  readonly username: string;
  /** Who looks at this. */
  readonly self: boolean;
  /** How they take part. */
  readonly fact: string;
  /** Gives them the keys; absent where that may not be. */
  readonly onGrant?: (() => void) | undefined;
  readonly onRemove?: (() => void) | undefined;
}

/** What is given, in the words of who gives it. */
export interface GrantWords {
  readonly grant: string;
  readonly grantTo: (who: string) => string;
  readonly removeWho: (who: string) => string;
  readonly asksFor: (who: string) => string;
}

/** On the button that shows them: how many, and whether one of them asks for something. */
export function PeopleFace({
  people,
}: {
  readonly people: readonly { readonly asks: boolean }[];
}): ReactElement {
  return (
    <>
      <Icon name="person" />
      <span>{people.length}</span>
      {people.some(({ asks }) => asks) && <i className="people-asks" aria-hidden="true" />}
    </>
  );
}

/** Who is there, and what may be done about them from here. */
export function PeopleRows(props: {
  readonly people: readonly Person[];
  readonly label: string;
  readonly words: GrantWords;
}): ReactElement {
  const { people, label, words } = props;
  return (
    <ul className="people" aria-label={label}>
      {people.map((one) => (
        <PersonRow key={one.id} one={one} words={words} />
      ))}
    </ul>
  );
}

function PersonRow({ one, words }: { readonly one: Person; readonly words: GrantWords }): ReactElement {
  const { username, self, fact, onGrant, onRemove } = one;
  return (
    <li>
      <span>
        <b className="clip" dir="auto">
          {username}
          {self && ` (${strings.you})`}
        </b>
        <small>{fact}</small>
      </span>
      {onGrant && (
        <button type="button" aria-label={words.grantTo(username)} onClick={onGrant}>
          {words.grant}
        </button>
      )}
      {onRemove && (
        <button type="button" aria-label={words.removeWho(username)} onClick={onRemove}>
          {strings.remove}
        </button>
      )}
    </li>
  );
}

/** Somebody asks for the keys of who may give them; can be put off, until another asks. */
export function AskerBand(props: {
  readonly asker: Pick<Person, 'id' | 'username'> | undefined;
  readonly words: GrantWords;
  readonly onGrant: (id: string) => void;
}): ReactElement | null {
  const { asker, words, onGrant } = props;
  const [ignored, setIgnored] = useState<string>();
  if (!asker || asker.id === ignored) return null;
  return (
    <Band
      icon="keyboard"
      data-band="asks"
      actions={
        <>
          <button type="button" className="primary" onClick={() => onGrant(asker.id)}>
            {words.grant}
          </button>
          <button type="button" onClick={() => setIgnored(asker.id)}>
            {strings.notNow}
          </button>
        </>
      }
    >
      {words.asksFor(asker.username)}
    </Band>
  );
}
