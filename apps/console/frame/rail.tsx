import type { ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import { useStore } from '@krateyard/ui/live/use-store';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import type { Room, RoomLink } from '@krateyard/ui/room';
import { runningCount, showTask, tasks } from '@krateyard/ui/tasks/task-store';
import { taskStrings } from '@krateyard/ui/tasks/task-strings';
import { rooms } from '../rooms.ts';
import { strings } from '../strings.ts';
import { useFeatureStates } from './feature-states.ts';
import { useKeepNamespaces } from './use-keep-namespaces.ts';

/** The rooms: lit ones lead somewhere, dark ones say what they lack. On a phone it is the bar at the bottom. */
export function Rail(props: {
  readonly current: Room | undefined;
  readonly onFind: () => void;
}): ReactElement {
  const { current, onFind } = props;
  const states = useFeatureStates();
  const keep = useKeepNamespaces();
  return (
    <nav className="rail" aria-label={strings.rooms}>
      <ul>
        {rooms.map((room) => {
          const dark = states.get(room.name)?.state === 'dark';
          const missing = states.get(room.name)?.missing ?? [];
          const reason = missing.map(({ problem, purpose }) => `${problem} (${purpose})`).join('; ');
          return (
            <li key={room.id} className={dark ? 'rail-dark' : undefined}>
              <Link
                href={keep(room.start)}
                className="rail-room"
                aria-current={room === current ? 'page' : undefined}
                title={dark ? strings.darkBecause(reason) : undefined}
              >
                <Icon name={room.icon} />
                <span>{room.title}</span>
                {dark ? <small>{strings.dark}</small> : <kbd aria-hidden="true">g {room.letter}</kbd>}
              </Link>
              {dark && <p>{reason}</p>}
              {!dark && <Links links={room.links ?? []} />}
            </li>
          );
        })}
        <PhoneItems onFind={onFind} />
      </ul>
    </nav>
  );
}

/** On a phone the top bar has no room for them. */
function PhoneItems({ onFind }: { readonly onFind: () => void }): ReactElement {
  const count = runningCount(useStore(tasks));
  return (
    <>
      <li className="rail-phone">
        <button type="button" className="plain" onClick={onFind}>
          <Icon name="search" />
          {strings.find}
        </button>
      </li>
      <li className="rail-phone">
        <button type="button" className="plain" onClick={() => showTask()}>
          <Icon name="tasks" />
          {taskStrings.title}
          {count > 0 && ` ${count}`}
        </button>
      </li>
    </>
  );
}

function Links({ links }: { readonly links: readonly RoomLink[] }): ReactElement {
  const keep = useKeepNamespaces();
  const [path] = useLocation();
  return (
    <ul className="rail-links">
      {links.map((link, index) => (
        <li key={link.path}>
          {link.group !== links[index - 1]?.group && <span className="rail-group">{link.group}</span>}
          <Link href={keep(link.path)} aria-current={link.path.split('?')[0] === path ? 'page' : undefined}>
            <span className="clip">{link.title}</span>
            {link.letter && <kbd aria-hidden="true">g {link.letter}</kbd>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
