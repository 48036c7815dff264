import { useMemo } from 'react';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { MenuItem } from '@krateyard/ui/parts/menu.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { useRights } from '@krateyard/ui/rights/use-rights';
import { eachOf } from './alike-targets.ts';
import { blockedBecause, fittingActions, neededRights } from './action-rights.ts';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import { OBJECT_ACTIONS } from './object-actions.ts';

/** One action on these targets, with why it cannot be done. */
export interface OfferedAction {
  readonly action: ObjectAction;
  readonly disabled: string | undefined;
  readonly run: () => void;
}

/** What can be done to these, in menu order; rights are asked when the targets are first seen. */
export function useOfferedActions(targets: readonly ActionTarget[]): readonly OfferedAction[] {
  const fitting = useMemo(() => fittingActions(OBJECT_ACTIONS, targets), [targets]);
  const needs = useMemo(() => fitting.map((action) => neededRights(action, targets)), [fitting, targets]);
  const rights = useRights(useMemo(() => needs.flat(), [needs]));
  return fitting.map((action, index) => {
    const before = needs.slice(0, index).reduce((sum, own) => sum + own.length, 0);
    const own = rights.slice(before, before + needs[index]!.length);
    return {
      action,
      disabled: blockedBecause(action, targets, own),
      run: () => runAction(action, targets),
    };
  });
}

/** The same as a menu's items. */
export function useActionItems(targets: readonly ActionTarget[]): readonly MenuItem[] {
  return useOfferedActions(targets).map(({ action, disabled, run }) => ({
    id: action.id,
    label: action.label,
    icon: action.icon,
    keys: action.keys,
    group: action.group,
    tone: action.group === 'destroy' ? 'bad' : undefined,
    disabled,
    run,
  }));
}

export function runAction(action: ObjectAction, targets: readonly ActionTarget[]): void {
  void (async () => {
    try {
      await action.run(action.many ? eachOf(targets) : targets);
    } catch (error) {
      toast('bad', `${action.label}: ${statusOf(error).message}`);
    }
  })();
}
