import type { ReactElement, ReactNode } from 'react';
import type { LiveStatus } from '../live/live-frames.ts';
import { strings } from '../strings.ts';
import { Notice } from './notice.tsx';

/** What stands where something live would: what was shown may be seen no more. */
export function RightLost(props: {
  readonly status: LiveStatus;
  readonly title?: string;
  readonly actions?: ReactNode;
}): ReactElement {
  const { status, title = strings.rightLostTitle, actions } = props;
  return (
    <Notice icon="lock" tone="warn" title={title} status={status} actions={actions}>
      <p>{strings.rightLost}</p>
    </Notice>
  );
}

/** What stands where something live would: the gateway has not answered once. */
export function NothingKnown(): ReactElement {
  return (
    <Notice icon="unplugged" tone="warn" title={strings.noSocketTitle}>
      <p>{strings.noSocket}</p>
    </Notice>
  );
}
