import type { ReactElement, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './band.css';

interface BandProps {
  readonly icon?: IconName;
  readonly tone?: 'warn' | undefined;
  readonly title?: string | undefined;
  /** Not told to screen readers: it counts, or is announced already. */
  readonly quiet?: boolean;
  /** What can be done about it. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** What it is about. */
  readonly [mark: `data-${string}`]: string | number | boolean;
}

/** A line between a bar and what stands below it: what happens there, and what to do. */
export function Band(props: BandProps): ReactElement {
  const { icon, tone, title, quiet = false, actions, children, ...marks } = props;
  return (
    <div className={tone ? `band band-${tone}` : 'band'} role={quiet ? undefined : 'status'} {...marks}>
      {icon && <Icon name={icon} />}
      <p title={title}>{children}</p>
      {actions}
    </div>
  );
}
