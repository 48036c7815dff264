import { useMemo, type ReactElement } from 'react';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { ActionButton } from '@krateyard/ui/parts/action-button.tsx';
import { Menu, MenuButton } from '@krateyard/ui/parts/menu.tsx';
import type { RowMenuProps } from '@krateyard/ui/table/use-row-menu.tsx';
import { actionStrings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { useActionItems, useOfferedActions } from './use-action-items.ts';

/** The menu of a row or of a selection, at a point or below a box. Whoever opens it gives the focus back at `onClose`. */
export function ActionMenu({ targets, place, onClose }: RowMenuProps<ActionTarget>): ReactElement {
  const items = useActionItems(targets);
  return <Menu label={labelOf(targets)} items={items} place={place} onClose={onClose} />;
}

/** What is done most, by id, first come first shown; what destroys is behind the menu. */
const MAIN_ACTIONS = [
  'logs',
  'shell',
  'restart',
  'scale',
  'cordon',
  'uncordon',
  'trigger',
  'suspend',
  'resume',
  'edit',
];
const MAIN_COUNT = 3;

/** The actions of an object's page: the main ones as buttons, and a menu of all. */
export function ActionBar(props: { readonly target: ActionTarget }): ReactElement {
  const { target } = props;
  const targets = useMemo(() => [target], [target]);
  const items = useActionItems(targets);
  const main = MAIN_ACTIONS.flatMap((id) => items.find((item) => item.id === id) ?? []);
  return (
    <>
      {main.slice(0, MAIN_COUNT).map(({ id, label, icon, disabled, run }) => (
        <ActionButton key={id} label={label} icon={icon} disabled={disabled} run={run} />
      ))}
      <MenuButton label={labelOf(targets)} items={items} />
    </>
  );
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
