import { useState, type ReactElement, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { useSecond } from '@krateyard/ui/parts/freshness.tsx';
import { Band } from '@krateyard/ui/parts/band.tsx';
import type { IconName } from '@krateyard/ui/parts/icon.tsx';
import { AskerBand } from '@krateyard/ui/parts/people.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { formatClock, formatUtc } from '@krateyard/ui/words/format-time';
import { VMS_ROOT } from '../vm-address.ts';
import type { ScreenAddress } from './screen-address.ts';
import type { ScreenClient } from './screen-client.ts';
import { actOnMachine } from './screen-connection.ts';
import { controls, type ScreenPhase, type ScreenSnapshot } from './screen-snapshot.ts';
import { screenStrings as strings } from './screen-strings.ts';

interface StateProps {
  readonly address: ScreenAddress;
  readonly snapshot: ScreenSnapshot;
  readonly client: ScreenClient | undefined;
  readonly failed: LiveStatus | undefined;
  readonly onAgain: () => void;
}

/** What stands between bar and picture: what happens to the machine or to the connection, and what to do. */
export function ScreenState(props: StateProps): ReactElement | null {
  const { failed, snapshot, address } = props;
  const { phase } = snapshot;
  if (failed) return <Refused {...props} status={failed} title={strings.loadFailed} />;
  switch (phase.phase) {
    case 'connecting':
      return <StateBand icon="screen" name="connecting" words={strings.opening(address.name)} />;
    case 'live':
      return (
        <>
          <Machine {...props} />
          <Askers {...props} />
        </>
      );
    case 'reconnecting':
      return <Lost {...props} phase={phase} />;
    case 'ended':
      return (
        <StateBand
          icon="out"
          name={phase.reason}
          tone="warn"
          words={strings.ends[phase.reason]}
          more={
            <>
              {phase.message}{' '}
              {phase.requestId !== undefined && <small>{uiStrings.requestId(phase.requestId)}</small>}
            </>
          }
        >
          {phase.reason !== 'gone' && (
            <button type="button" className="primary" onClick={props.onAgain}>
              {strings.openAgain}
            </button>
          )}
        </StateBand>
      );
    case 'refused':
      return <Refused {...props} status={phase.status} title={titleOf(phase.status)} />;
  }
}

function titleOf({ code }: LiveStatus): string {
  if (code === 403) return strings.forbiddenTitle;
  return code === 404 ? strings.goneTitle : strings.refusedTitle;
}

const REFUSAL_ICONS: Readonly<Record<number, IconName>> = { 403: 'lock', 404: 'search' };

function Refused(props: StateProps & { readonly status: LiveStatus; readonly title: string }): ReactElement {
  const { code } = props.status;
  const [, navigate] = useLocation();
  return (
    <Notice
      icon={REFUSAL_ICONS[code] ?? 'unplugged'}
      tone="warn"
      title={props.title}
      status={props.status}
      actions={
        <>
          <button type="button" onClick={props.onAgain}>
            {strings.openAgain}
          </button>
          {code === 404 && (
            <button type="button" onClick={() => navigate(VMS_ROOT)}>
              {strings.toMachines}
            </button>
          )}
        </>
      }
    >
      {code === 403 && <p>{strings.forbidden}</p>}
      {code === 404 && <p>{strings.gone}</p>}
    </Notice>
  );
}

function Machine({ address, snapshot, client }: StateProps): ReactElement | null {
  const { machine, pixels } = snapshot;
  if (!machine) return <StateBand icon="screen" name="connecting" words={strings.opening(address.name)} />;
  const { state, message } = machine;
  if (state === 'live') {
    return pixels === 'drawn' ? null : (
      <StateBand icon="screen" name="pixels" words={strings.pixelsOpening} />
    );
  }
  const title = strings.stateTitles[state];
  const icon = ({ paused: 'pause', stopped: 'unplugged', unavailable: 'unplugged' } as const)[
    state as 'paused'
  ];
  return (
    <StateBand
      icon={icon ?? 'history'}
      name={state}
      tone="warn"
      words={title}
      more={message === title ? '' : message}
    >
      {state === 'stopped' && <Act address={address} action="start" word={strings.start} />}
      {state === 'paused' && <Act address={address} action="unpause" word={strings.resume} />}
      {state === 'unavailable' && (
        <button type="button" onClick={() => client?.wake()}>
          {uiStrings.retryNow}
        </button>
      )}
    </StateBand>
  );
}

/** Asked for once; the band goes when the machine does something else. */
function Act(props: {
  readonly address: ScreenAddress;
  readonly action: 'start' | 'unpause';
  readonly word: string;
}): ReactElement {
  const { address, action, word } = props;
  const [asked, setAsked] = useState(false);
  const act = async (): Promise<void> => {
    setAsked(true);
    try {
      await actOnMachine(address, action);
    } catch (error) {
      setAsked(false);
      toast('bad', strings.actFailed(word, statusOf(error).message));
    }
  };
  return (
    <button type="button" className="primary" disabled={asked} onClick={() => void act()}>
      {asked ? strings.asking : word}
    </button>
  );
}

function Askers({ snapshot, client }: StateProps): ReactElement | null {
  const asker = snapshot.viewers.find(({ asks, id }) => asks && id !== snapshot.hello?.you);
  return (
    <AskerBand
      asker={controls(snapshot) ? asker : undefined}
      words={strings}
      onGrant={(to) => client?.say({ type: 'grant', to })}
    />
  );
}

function Lost(
  props: StateProps & { readonly phase: Extract<ScreenPhase, { phase: 'reconnecting' }> },
): ReactElement {
  const { phase, client, snapshot, address } = props;
  const now = useSecond(true);
  const left = phase.retryAt === undefined ? undefined : Math.max(0, Math.ceil((phase.retryAt - now) / 1000));
  const stopped = snapshot.machine?.state === 'stopped';
  return (
    <StateBand
      icon="unplugged"
      name="reconnecting"
      tone="warn"
      title={formatUtc(new Date(phase.since).toISOString())}
      words={
        snapshot.hello
          ? `${strings.disconnectedSince(formatClock(phase.since, now))}; ${strings.asKnown}`
          : strings.notYet
      }
      more={
        <>
          {phase.reason} <span aria-hidden="true">{left ? strings.retryIn(left) : strings.retrying}</span>
        </>
      }
    >
      {stopped && <Act address={address} action="start" word={strings.start} />}
      <button type="button" disabled={phase.retryAt === undefined} onClick={() => client?.wake()}>
        {uiStrings.retryNow}
      </button>
    </StateBand>
  );
}

/** What happens, and more about it. */
function StateBand(props: {
  readonly icon: IconName;
  readonly name: string;
  readonly tone?: 'warn';
  readonly title?: string;
  readonly words: string;
  /** What counts in it is hidden from screen readers: a status is read out whole, and would be every second. */
  readonly more?: ReactNode;
  readonly children?: ReactNode;
}): ReactElement {
  const { icon, name, tone, title, words, more, children } = props;
  return (
    <Band icon={icon} tone={tone} title={title} data-band={name} actions={children}>
      <b>{words}</b> {more}
    </Band>
  );
}
