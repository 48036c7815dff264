import type { Principal } from '@krateyard/auth/principal';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { Rights, RightsAnswer, RightsQuestion } from '../../contract/rights-api.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { kindRights } from './kind-rights.ts';
import { reviewRules } from './review-rules.ts';

type RightsDeps = Pick<WorkspaceDeps, 'actingAs' | 'kinds'>;

/** A review is always of a namespace; in one that nobody has, exactly what is granted everywhere holds. */
const NOWHERE = 'krateyard-nowhere';

/** What this person may do in a namespace, or everywhere. Asked of the API server as the person, at this moment. */
export async function rightsOf(
  { actingAs, kinds }: RightsDeps,
  who: Principal,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Rights> {
  const client = actingAs(who);
  const [all, everywhere, inside] = await Promise.all([
    kinds.all(signal),
    reviewRules(client, NOWHERE, signal),
    namespace === undefined ? undefined : reviewRules(client, namespace, signal),
  ]);
  // What a role of the namespace says about kinds that are in none has no effect.
  const rulesFor = (kind: ResourceKind) =>
    (kind.namespaced ? (inside ?? everywhere) : everywhere).resourceRules ?? [];
  const asked = inside ?? everywhere;
  return {
    ...(namespace !== undefined && { namespace }),
    items: onePerKind(all).map((kind) => kindRights(kind, rulesFor(kind))),
    incomplete: asked.incomplete === true,
    ...(asked.evaluationError && { message: asked.evaluationError }),
  };
}

interface AccessReviewStatus {
  readonly status?: {
    readonly allowed?: boolean;
    readonly reason?: string;
    readonly evaluationError?: string;
  };
}

/** "Can I …?", answered by the API server itself, with its reason. */
export async function answerQuestion(
  { actingAs }: RightsDeps,
  who: Principal,
  { verb, group, resource, subresource, namespace, name }: RightsQuestion,
  signal: AbortSignal,
): Promise<RightsAnswer> {
  const { status = {} } = await actingAs(who).request<AccessReviewStatus>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          verb,
          group,
          resource,
          ...(subresource && { subresource }),
          ...(namespace && { namespace }),
          ...(name && { name }),
        },
      },
    },
    signal,
  });
  return { allowed: status.allowed === true, reason: status.reason || status.evaluationError || '' };
}

/** Preferred versions come first: rights do not depend on the version. */
function onePerKind(kinds: readonly ResourceKind[]): readonly ResourceKind[] {
  const first = new Map<string, ResourceKind>();
  for (const kind of kinds) {
    const key = `${kind.group}/${kind.resource}`;
    if (!first.has(key)) first.set(key, kind);
  }
  return [...first.values()];
}
