import { requestJson } from '@krateyard/ui/live/api-client';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { SpotlightEntry } from '@krateyard/ui/room';
import type { AccessAnswers } from '../../contract/access-api.ts';
import type { KindRef } from '../../contract/resource-api.ts';
import type { SearchHit } from '../../contract/search-api.ts';
import { blockedBecause, fittingActions, neededRights } from '../actions/action-rights.ts';
import type { ActionTarget } from '../actions/object-action.ts';
import type { NeededRight } from '@krateyard/ui/rights/access-check';
import { OBJECT_ACTIONS } from '../actions/object-actions.ts';
import { runAction } from '../actions/use-action-items.ts';
import type { Right } from '@krateyard/ui/rights/rights-book';
import { strings } from '../strings.ts';

/** What can be done with an object that was found: the actions of its menu, those that may not be done with the reason. */
export async function actionsOn(
  kind: KindRef,
  hit: SearchHit,
  signal: AbortSignal,
): Promise<readonly SpotlightEntry[]> {
  const ns = hit.namespace === undefined ? '' : `?ns=${encodeURIComponent(hit.namespace)}`;
  const path = `/api/resource/${kind.path}/${encodeURIComponent(hit.name)}${ns}`;
  const object = await requestJson<LiveObject>(path, { signal });
  const targets: readonly ActionTarget[] = [{ kind, key: hit.key, object }];
  const actions = fittingActions(OBJECT_ACTIONS, targets);
  const needs = actions.map((action) => neededRights(action, targets));
  const rights = await askRights(needs.flat(), signal);
  let at = 0;
  return actions.map((action, index) => ({
    id: action.id,
    title: action.label,
    icon: action.icon,
    group: strings.spotlightActions,
    ...(action.keys !== undefined && { keys: action.keys }),
    disabled: blockedBecause(action, targets, rights.slice(at, (at += needs[index]!.length))),
    run: () => runAction(action, targets),
  }));
}

async function askRights(needs: readonly NeededRight[], signal: AbortSignal): Promise<readonly Right[]> {
  if (needs.length === 0) return [];
  const body = { checks: needs.map((need) => ({ ...need })) };
  const { answers } = await requestJson<AccessAnswers>('/api/access', { method: 'POST', body, signal });
  return answers.map(({ allowed, reason }): Right =>
    allowed ? { state: 'allowed' } : { state: 'refused', reason },
  );
}
