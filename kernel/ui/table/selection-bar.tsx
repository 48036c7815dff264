import type { ReactElement, ReactNode } from 'react';
import { ActionButton, type ActionButtonProps } from '../parts/action-button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { MenuButton, type MenuItem } from '../parts/menu.tsx';
import { strings } from '../strings.ts';
import './selection-bar.css';

export interface BarAction extends ActionButtonProps {
  readonly id: string;
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
        {actions.map(({ id, ...action }) => (
          <ActionButton key={id} {...action} />
        ))}
        {more.length > 0 && <MenuButton label={strings.moreActions} items={more} />}
        <IconButton icon="close" label={strings.clearSelection} onPress={onClear} />
      </span>
    </div>
  );
}
