import type { ReactElement, ReactNode } from 'react';
import type { LiveStatus } from '../live/live-frames.ts';
import { strings } from '../strings.ts';
import { Icon, type IconName } from './icon.tsx';
import './notice.css';

/** What stands where rows would: nothing here, not allowed, failed. Always says what next. */
export function Notice(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly tone?: 'calm' | 'warn' | 'bad';
  readonly status?: LiveStatus | undefined;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): ReactElement {
  const { icon, title, tone = 'calm', status, children, actions } = props;
  return (
    <section className={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
      {status && <StatusWords status={status} />}
      {actions && <div className="notice-actions">{actions}</div>}
    </section>
  );
}

/** The API server's own message, and the id under which the gateway's log has the rest. */
export function StatusWords({ status }: { readonly status: LiveStatus }): ReactElement {
  const requestId = status.details?.requestId;
  return (
    <figure className="status-words">
      <figcaption>
        {strings.answer} <b>{`${status.reason} (${status.code})`}</b>
      </figcaption>
      <blockquote>{status.message}</blockquote>
      {requestId !== undefined && <small>{strings.requestId(requestId)}</small>}
    </figure>
  );
}
