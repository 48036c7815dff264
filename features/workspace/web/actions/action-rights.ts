import { MOST_TARGETS } from '../../contract/most-targets.ts';
import { countOf } from './alike-targets.ts';
import { actionStrings as strings } from './action-strings.ts';
import { refusalOf } from '@krateyard/ui/rights/refusal-of';
import type { Right } from '@krateyard/ui/rights/rights-book';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import type { NeededRight } from '@krateyard/ui/rights/access-check';

/** Questions of one menu about many objects: by namespace, as names would be too many. */
const MOST_NEEDS = 100;

/** The rights that an action on these needs, each once. */
export function neededRights(action: ObjectAction, targets: readonly ActionTarget[]): readonly NeededRight[] {
  const needs = targets.map((target) => {
    const { name, ...right } = action.right(target);
    return countOf(targets) === 1 && name !== undefined ? { ...right, name } : right;
  });
  const unique = new Map(needs.map((need) => [JSON.stringify(need), need]));
  return [...unique.values()].slice(0, MOST_NEEDS);
}

/** Why the action cannot be done to these now; undefined when it can, or when the API server has to say. */
export function blockedBecause(
  action: ObjectAction,
  targets: readonly ActionTarget[],
  rights: readonly Right[],
): string | undefined {
  const count = countOf(targets);
  if (action.many && count > targets.length && count > MOST_TARGETS) return strings.tooManyAlike(count);
  for (const target of targets) {
    const why = action.blocked?.(target);
    if (why !== undefined) return targets.length === 1 ? why : `${target.key}: ${why}`;
  }
  return refusalOf(...rights);
}

/** What can be done to these in one go, in menu order. */
export function fittingActions(
  actions: readonly ObjectAction[],
  targets: readonly ActionTarget[],
): readonly ObjectAction[] {
  if (targets.length === 0) return [];
  return actions.filter(
    (action) => (targets.length === 1 || action.many) && targets.every((target) => action.fits(target)),
  );
}
