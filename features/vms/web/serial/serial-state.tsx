import type { ReactElement } from 'react';
import { Band } from '@krateyard/ui/parts/band.tsx';
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
        <Band
          icon="out"
          tone="warn"
          data-exit={reason}
          actions={reason !== 'machine-gone' && <Again onAgain={onAgain} />}
        >
          <b>{strings.exits[reason as ConsoleExitReason] ?? message ?? strings.closed}</b>
        </Band>
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
    <Band icon="unplugged" tone="warn" data-waiting>
      {notice.message}
    </Band>
  );
}

function Again({ onAgain }: { readonly onAgain: () => void }): ReactElement {
  return (
    <button type="button" className="primary" onClick={onAgain}>
      {strings.again}
    </button>
  );
}
