import { useState, type ReactElement } from 'react';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import { statusOf } from '@krateyard/ui/live/api-client';
import { copyText } from '@krateyard/ui/parts/clipboard';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Popover } from '@krateyard/ui/parts/popover.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { formatClock } from '@krateyard/ui/words/format-time';
import { screenHref, type ScreenAddress } from './screen-address.ts';
import { socketUrl, takeTicket } from './screen-connection.ts';
import { screenStrings as strings } from './screen-strings.ts';

/** Ways to let others see: a link for colleagues, a ticket for another viewer. */
export function ShareMenu({ address }: { readonly address: ScreenAddress }): ReactElement {
  return (
    <Popover
      label={strings.share}
      face={
        <>
          <Icon name="out" />
          <span className="screen-word">{strings.share}</span>
        </>
      }
    >
      {(close) => (
        <div className="screen-share">
          <section>
            <h3>{strings.shareColleague}</h3>
            <p>{strings.shareColleagueHint}</p>
            <button
              type="button"
              onClick={() => {
                close();
                void copyText(new URL(screenHref(address), location.href).href);
              }}
            >
              {strings.copyLink}
            </button>
          </section>
          <Ticket address={address} close={close} />
        </div>
      )}
    </Popover>
  );
}

const SECONDS = [30, 60, 300] as const;

function Ticket(props: { readonly address: ScreenAddress; readonly close: () => void }): ReactElement {
  const [looks, setLooks] = useState(true);
  const [seconds, setSeconds] = useState('60');
  const [busy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    try {
      const ticket = await takeTicket(props.address, { viewOnly: looks, seconds: Number(seconds) });
      props.close();
      const until = formatClock(Date.parse(ticket.expiresAt), Date.now());
      await copyText(socketUrl(ticket.url), strings.ticketMade(until));
    } catch (error) {
      setBusy(false);
      toast('bad', strings.ticketFailed(statusOf(error).message));
    }
  };
  return (
    <section>
      <h3>{strings.shareTicket}</h3>
      <p>{strings.shareTicketHint}</p>
      <Checkbox label={strings.ticketLooks} checked={looks} onChange={setLooks} />
      <SelectField
        label={strings.ticketLasts}
        value={seconds}
        onChange={setSeconds}
        options={SECONDS.map((one) => ({ value: String(one), label: strings.ticketSeconds(one) }))}
      />
      <button type="button" disabled={busy} onClick={() => void make()}>
        {strings.ticketMake}
      </button>
    </section>
  );
}
