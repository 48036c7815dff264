import type { ReactElement } from 'react';
import type { Truth } from '@krateyard/ui/live/truth';
import { NothingKnown, RightLost } from '@krateyard/ui/parts/live-notices.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { overviewStrings as strings } from './overview-strings.ts';

/** What stands there while nothing is known, or nothing may be. */
export function OverviewState({
  truth,
  onRetry,
}: {
  readonly truth: Truth;
  readonly onRetry: () => void;
}): ReactElement {
  const retry = (
    <button type="button" onClick={onRetry}>
      {uiStrings.tryAgain}
    </button>
  );
  switch (truth.state) {
    case 'lost':
      return <RightLost status={truth.status} actions={retry} />;
    case 'failed': {
      const forbidden = truth.status.reason === 'Forbidden';
      return (
        <Notice
          icon={forbidden ? 'lock' : 'unplugged'}
          tone={forbidden ? 'warn' : 'bad'}
          title={forbidden ? strings.forbiddenTitle : strings.failedTitle}
          status={truth.status}
          actions={retry}
        >
          {forbidden && <p>{strings.forbidden}</p>}
        </Notice>
      );
    }
    case 'disconnected':
      return <NothingKnown />;
    case 'loading':
    case 'live':
    case 'lagging':
      return (
        <div className="overview-loading" role="status" aria-label={strings.loading}>
          {Array.from({ length: 10 }, (_, index) => (
            <div key={index} className="loading-row" aria-hidden="true" />
          ))}
        </div>
      );
  }
}
