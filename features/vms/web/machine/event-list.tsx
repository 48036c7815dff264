import type { ReactElement } from 'react';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Status } from '@krateyard/ui/parts/status-mark.tsx';
import { vmStrings } from '../vm-strings.ts';
import type { MachineEvent } from './machine-events.ts';

export function EventList({ events }: { readonly events: readonly MachineEvent[] }): ReactElement {
  return (
    <ol className="events">
      {events.map(({ key, warning, reason, message, of, count, last }) => (
        <li key={key}>
          <Status word={warning ? 'Failed' : 'Running'} text={reason} />
          <span className="event-when">
            {last !== undefined && <Age at={last} />}
            {count > 1 && <b>{vmStrings.machine.times(count)}</b>}
          </span>
          <p dir="auto">{message}</p>
          <small className="absent">{of}</small>
        </li>
      ))}
    </ol>
  );
}
