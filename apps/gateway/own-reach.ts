import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { AskReach } from '@krateyard/kube/cache/reflection';
import type { ResourceKinds } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';

/** Self review needs no name. */
const GATEWAY: Principal = { id: 'own:gateway', username: '', groups: [], via: 'own' };

/** Where the gateway's own identity may list and watch a kind, as the API server tells it. */
export function ownReach(kinds: ResourceKinds, access: () => AccessReview): AskReach {
  return async (gvr, signal) => {
    const kind = await kinds.find(formatGvr(gvr), signal);
    if (!kind) return { all: false, namespaces: new Set() };
    return access().scope(GATEWAY, kind, undefined, signal);
  };
}
