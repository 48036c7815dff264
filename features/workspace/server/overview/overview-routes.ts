import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { Overview } from '../../contract/overview.ts';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { overviewKind } from './overview-kinds.ts';
import type { OverviewLedger } from './overview-ledger.ts';
import type { OverviewRegistry } from './overview-registry.ts';
import { OverviewRights } from './overview-rights.ts';

const Query = Type.Object({
  ns: Type.Optional(Type.String({ description: 'One or several, comma separated; absent: all.' })),
});

export interface OverviewRouteDeps {
  readonly access: AccessReview;
  readonly ledger: OverviewLedger;
  readonly meter: UsageMeter;
  readonly overviews: OverviewRegistry;
}

/** How long the first lists may take; what has not come by then is told as it is, with its freshness. */
const SYNC_MS = 10_000;

/** `GET /api/overview`. */
export function overviewRoutes(app: FastifyInstance, deps: OverviewRouteDeps): void {
  app.get<{ Querystring: Static<typeof Query> }>(
    '/api/overview',
    {
      schema: {
        summary: 'What is wrong, how full the cluster is and what changed lately, as far as you may see',
        tags: ['workspace'],
        querystring: Query,
        response: { 200: Overview },
      },
    },
    async (request, reply) => {
      const namespaces = (request.query.ns ?? '').split(',').filter((name) => name !== '');
      reply.header('cache-control', 'private, no-store');
      return readOverview(deps, authenticationOf(request).principal, namespaces, request.gone);
    },
  );
}

async function readOverview(
  { access, ledger, meter, overviews }: OverviewRouteDeps,
  who: Principal,
  namespaces: readonly string[],
  gone: AbortSignal,
): Promise<Overview> {
  using rights = new OverviewRights(access, who, namespaces);
  await rights.open(gone);
  if (rights.nothing) {
    const [namespace] = namespaces;
    const resource = overviewKind('pods').gvr;
    await access.require(
      who,
      { verb: 'list', resource, ...(namespace !== undefined && { namespace }) },
      gone,
    );
  }
  using heldLedger = ledger.hold();
  using heldMeter = meter.hold();
  void heldLedger;
  void heldMeter;
  const deadline = AbortSignal.any([gone, AbortSignal.timeout(SYNC_MS)]);
  await Promise.allSettled([ledger.synced(deadline), meter.looked(deadline)]);
  gone.throwIfAborted();
  return overviews.once(rights.scopes()).all();
}
