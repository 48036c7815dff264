import type { ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { AskersBand, LostBand } from '@krateyard/ui/terminal/session-bands.tsx';
import type { TerminalClient } from '@krateyard/ui/terminal/terminal-client';
import type { TerminalSnapshot } from '@krateyard/ui/terminal/terminal-snapshot';
import type { ConsoleExitReason, ConsoleHello } from '../../contract/console-protocol.ts';
import { serialStrings as strings } from './serial-strings.ts';

interface StateProps {
  readonly snapshot: TerminalSnapshot<ConsoleHello>;
  readonly client: TerminalClient<ConsoleHello> | undefined;
  readonly onAgain: () => void;
}

/** What stands between bar and terminal while there is something to say. What was drawn stays below it. */
export function SerialState(props: StateProps): ReactElement | null {
  const { snapshot, client, onAgain } = props;
  const { phase } = snapshot;
  switch (phase.phase) {
    case 'connecting':
      return null;
    case 'live':
      return (
        <>
          <Waiting snapshot={snapshot} />
          <AskersBand snapshot={snapshot} client={client} />
        </>
      );
    case 'reconnecting':
      return (
        <LostBand
          phase={phase}
          held={snapshot.hello !== undefined}
          words={strings}
          onRetry={() => client?.wake()}
        />
      );
    case 'ended': {
      const { reason, message } = phase.exit;
      return (
        <div className="term-band term-band-warn" data-exit={reason}>
          <Icon name="out" />
          <p>
            <b>{strings.exits[reason as ConsoleExitReason] ?? message ?? strings.closed}</b>
          </p>
          {reason !== 'machine-gone' && <Again onAgain={onAgain} />}
        </div>
      );
    }
    case 'refused':
      return (
        <Notice
          icon="lock"
          tone="warn"
          title={phase.status.code === 403 ? strings.forbiddenTitle : strings.refusedTitle}
          status={phase.status}
          actions={<Again onAgain={onAgain} />}
        />
      );
  }
}

/** The machine is off, on its way, or its console is elsewhere: in the gateway's words. */
function Waiting({ snapshot: { notice } }: { readonly snapshot: TerminalSnapshot }): ReactElement | null {
  if (notice?.state !== 'waiting') return null;
  return (
    <div className="term-band term-band-warn" data-waiting role="status">
      <Icon name="unplugged" />
      <p>{notice.message}</p>
    </div>
  );
}

function Again({ onAgain }: { readonly onAgain: () => void }): ReactElement {
  return (
    <button type="button" className="primary" onClick={onAgain}>
      {strings.again}
    </button>
  );
}
