import { useKeys } from '@krateyard/ui/keys/use-keys';
import { toast } from '@krateyard/ui/parts/toasts';
import { blockedBecause, fittingActions, neededRights } from '../actions/action-rights.ts';
import { actionStrings } from '../actions/action-strings.ts';
import type { ActionTarget, ObjectAction } from '../actions/object-action.ts';
import { OBJECT_ACTIONS } from '../actions/object-actions.ts';
import { runAction } from '../actions/use-action-items.ts';
import { askRights } from '@krateyard/ui/rights/use-rights';

const WITH_KEYS = OBJECT_ACTIONS.filter(({ keys }) => keys !== undefined);

/**
 * The actions' keys on the rows that are chosen, or on the row of the keys. Rights are asked when a key is pressed: asked at
 * every step of `j`, they would be a flood.
 */
export function useRowActionKeys(targets: () => readonly ActionTarget[]): void {
  useKeys(
    WITH_KEYS.map((action) => ({
      keys: action.keys!,
      label: action.label,
      group: actionStrings.keys,
      run: () => void tryAction(action, targets()),
    })),
  );
}

async function tryAction(action: ObjectAction, targets: readonly ActionTarget[]): Promise<void> {
  if (!fittingActions([action], targets).includes(action)) return;
  const rights = await askRights(neededRights(action, targets));
  const why = blockedBecause(action, targets, rights);
  if (why === undefined) runAction(action, targets);
  else toast('warn', why);
}
