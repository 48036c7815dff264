import type { ReactElement, ReactNode } from 'react';
import { Icon, type IconName } from '../parts/icon.tsx';
import { MenuButton, type MenuItem } from '../parts/menu.tsx';
import { toast } from '../parts/toasts.ts';
import { strings } from '../strings.ts';
import './selection-bar.css';

export interface BarAction {
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  readonly danger?: boolean;
  /** Why not now: it stays, and says so when pressed. */
  readonly disabled?: string | undefined;
  readonly run: () => void;
}

/** What can be done to the rows that are chosen. Stands below the table, so that nothing jumps. */
export function SelectionBar(props: {
  readonly count: number;
  readonly actions: readonly BarAction[];
  /** What else, behind "More". */
  readonly more?: readonly MenuItem[];
  readonly onClear: () => void;
  /** Beside the count. */
  readonly children?: ReactNode;
}): ReactElement {
  const { count, actions, more = [], onClear, children } = props;
  return (
    <div className="bulk-bar" role="region" aria-label={strings.selection}>
      <b aria-live="polite">{strings.selected(count)}</b>
      {children}
      <span className="bulk-actions">
        {actions.map(({ id, label, icon, danger, disabled, run }) => (
          <button
            key={id}
            type="button"
            className={danger ? 'danger' : ''}
            aria-disabled={disabled !== undefined}
            title={disabled}
            onClick={() => {
              if (disabled === undefined) run();
              else toast('warn', disabled);
            }}
          >
            <Icon name={icon} />
            {label}
          </button>
        ))}
        {more.length > 0 && <MenuButton label={strings.moreActions} items={more} />}
        <button
          type="button"
          className="plain square"
          aria-label={strings.clearSelection}
          title={strings.clearSelection}
          onClick={onClear}
        >
          <Icon name="close" />
        </button>
      </span>
    </div>
  );
}
