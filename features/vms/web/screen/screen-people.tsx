import type { ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
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
    <Popover
      label={strings.peopleLabel}
      face={
        <>
          <Icon name="person" />
          <span>{viewers.length}</span>
          {viewers.some(({ asks }) => asks) && <i className="screen-asks" aria-hidden="true" />}
        </>
      }
    >
      {() => <People {...props} />}
    </Popover>
  );
}

function People({ snapshot, client }: PeopleProps): ReactElement {
  const mine = controls(snapshot);
  return (
    <>
      <ul className="screen-people" aria-label={strings.peopleLabel}>
        {snapshot.viewers.map((one) => (
          <Person key={one.id} one={one} snapshot={snapshot} client={client} />
        ))}
      </ul>
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

function Person(props: PeopleProps & { readonly one: ScreenViewer }): ReactElement {
  const { one, snapshot, client } = props;
  const self = one.id === snapshot.hello?.you;
  const mine = controls(snapshot);
  return (
    <li>
      <span>
        <b className="clip" dir="auto">
          {one.username}
          {self && ` (${strings.you})`}
        </b>
        <small>{factOf(one, snapshot.controller)}</small>
      </span>
      {!self && mine && !one.viewOnly && (
        <button
          type="button"
          aria-label={strings.grantTo(one.username)}
          onClick={() => client.say({ type: 'grant', to: one.id })}
        >
          {strings.grant}
        </button>
      )}
      {!self && mine && (
        <button
          type="button"
          aria-label={strings.removeWho(one.username)}
          onClick={() => client.say({ type: 'remove', viewer: one.id })}
        >
          {strings.remove}
        </button>
      )}
    </li>
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
      <span className="screen-control" data-control="mine">
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
    <span className="screen-control" data-control={who ? 'other' : 'nobody'}>
      <span className="screen-looking" title={self?.viewOnly ? strings.viewOnlyRight : strings.viewOnlyHint}>
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
