import { useMemo, type ReactElement } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { Menu, MenuButton, type MenuPlace } from '@krateyard/ui/parts/menu.tsx';
import { actionStrings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { useActionItems, useOfferedActions } from './use-action-items.ts';

/** The menu of a row or of a selection, at a point or below a box. Whoever opens it gives the focus back at `onClose`. */
export function ActionMenu(props: {
  readonly targets: readonly ActionTarget[];
  readonly place: MenuPlace;
  readonly onClose: (how: 'chosen' | 'escaped' | 'left') => void;
}): ReactElement {
  const { targets, place, onClose } = props;
  const items = useActionItems(targets);
  return <Menu label={labelOf(targets)} items={items} place={place} onClose={onClose} />;
}

/** The menu of an object's page: a button that opens all actions. */
export function ActionMenuButton(props: { readonly target: ActionTarget }): ReactElement {
  const { target } = props;
  const targets = useMemo(() => [target], [target]);
  const items = useActionItems(targets);
  return <MenuButton label={labelOf(targets)} items={items} />;
}

/** The actions' own keys, on these targets, while mounted. What is disabled is not done, and why is in the menu. */
export function useActionKeys(targets: readonly ActionTarget[], except: readonly string[] = []): void {
  const offered = useOfferedActions(targets);
  useKeys(
    offered
      .filter(({ action }) => action.keys !== undefined && !except.includes(action.keys))
      .map(({ action, disabled, run }) => ({
        keys: action.keys!,
        label: action.label,
        group: actionStrings.keys,
        run: () => {
          if (disabled === undefined) run();
        },
      })),
    offered.length > 0,
  );
}

function labelOf(targets: readonly ActionTarget[]): string {
  const [first] = targets;
  if (!first) return actionStrings.actions;
  return targets.length === 1
    ? actionStrings.actionsOn(first.key)
    : actionStrings.actionsOnMany(targets.length, first.kind.resource);
}
