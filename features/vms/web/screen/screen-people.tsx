import type { ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { PeopleFace, PeopleRows } from '@krateyard/ui/parts/people.tsx';
import { Popover } from '@krateyard/ui/parts/popover.tsx';
import type { ScreenViewer } from '../../contract/screen-protocol.ts';
import type { ScreenClient } from './screen-client.ts';
import { controllerOf, controls, me, type ScreenSnapshot } from './screen-snapshot.ts';
import { screenStrings as strings } from './screen-strings.ts';

interface PeopleProps {
  readonly snapshot: ScreenSnapshot;
  readonly client: ScreenClient;
}

/** Who is at the screen, behind a button with their number. */
export function ScreenPeople(props: PeopleProps): ReactElement {
  const { viewers } = props.snapshot;
  return (
    <Popover label={strings.peopleLabel} face={<PeopleFace people={viewers} />}>
      {() => <People {...props} />}
    </Popover>
  );
}

function People({ snapshot, client }: PeopleProps): ReactElement {
  const mine = controls(snapshot);
  const people = snapshot.viewers.map((one) => {
    const theirs = mine && one.id !== snapshot.hello?.you;
    return {
      id: one.id,
      username: one.username,
      self: one.id === snapshot.hello?.you,
      fact: factOf(one, snapshot.controller),
      onGrant: theirs && !one.viewOnly ? () => client.say({ type: 'grant', to: one.id }) : undefined,
      onRemove: theirs ? () => client.say({ type: 'remove', viewer: one.id }) : undefined,
    };
  });
  return (
    <>
      <PeopleRows people={people} label={strings.peopleLabel} words={strings} />
      <div className="screen-panel-actions">
        {mine ? (
          <button type="button" onClick={() => client.say({ type: 'release' })}>
            {strings.release}
          </button>
        ) : (
          !me(snapshot)?.viewOnly && (
            <button type="button" title={strings.takeHint} onClick={() => client.say({ type: 'take' })}>
              {strings.take}
            </button>
          )
        )}
      </div>
    </>
  );
}

function factOf(one: ScreenViewer, controller: string | null): string {
  const { facts } = strings;
  if (one.id === controller) return facts.controls;
  if (one.asks) return facts.asks;
  if (!one.watching) return facts.away;
  return one.viewOnly ? facts.viewOnly : facts.watching;
}

/** Who has the keys, and the next step for who has them not. */
export function ControlFace({ snapshot, client }: PeopleProps): ReactElement {
  const self = me(snapshot);
  const others = snapshot.viewers.length > 1;
  if (controls(snapshot)) {
    return (
      <span className="session-keys" data-control="mine">
        <Icon name="keyboard" />
        <span>{strings.youControl}</span>
        {others && (
          <button type="button" onClick={() => client.say({ type: 'release' })}>
            {strings.release}
          </button>
        )}
      </span>
    );
  }
  const who = controllerOf(snapshot);
  const word = who ? strings.whoControls(who.username) : strings.nobodyControls;
  return (
    <span className="session-keys" data-control={who ? 'other' : 'nobody'}>
      <span className="session-looking" title={self?.viewOnly ? strings.viewOnlyRight : strings.viewOnlyHint}>
        <Icon name="lock" />
        <span>{strings.viewOnly}</span>
      </span>
      <span className="screen-who clip">{word}</span>
      {self &&
        !self.viewOnly &&
        (who ? <AskButton self={self} client={client} /> : <TakeButton client={client} />)}
    </span>
  );
}

function AskButton(props: { readonly self: ScreenViewer; readonly client: ScreenClient }): ReactElement {
  return (
    <button type="button" disabled={props.self.asks} onClick={() => props.client.say({ type: 'ask' })}>
      {props.self.asks ? strings.asked : strings.ask}
    </button>
  );
}

function TakeButton({ client }: { readonly client: ScreenClient }): ReactElement {
  return (
    <button type="button" onClick={() => client.say({ type: 'take' })}>
      {strings.take}
    </button>
  );
}
