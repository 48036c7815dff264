import { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { reasonOf } from '@krateyard/status/status-error';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import { textAt } from '../../contract/columns/read.ts';
import { TlsCertificates, type TlsCertificate } from '../../contract/overview.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { short } from './finding.ts';

type CheckDeps = Pick<WorkspaceDeps, 'access' | 'actingAs' | 'audit' | 'client'>;

const Query = Type.Object({
  ns: Type.Optional(Type.String({ description: 'One or several, comma separated; absent: all.' })),
});

/** Secrets that are looked into at once, a namespace or in all; and namespaces, where the person may not list everywhere. */
const MOST_SECRETS = 500;
const MOST_NAMESPACES = 50;

/**
 * `POST /api/overview/certificates`: when the certificates in TLS Secrets expire. Asked for by a person, read as that person, and
 * accounted for: the gateway by itself looks into no Secret. Only names, subjects and dates leave.
 */
export function certificatesRoute(app: FastifyInstance, deps: CheckDeps): void {
  app.post<{ Querystring: Static<typeof Query> }>(
    '/api/overview/certificates',
    {
      schema: {
        summary: 'When the certificates of TLS Secrets expire; reads them as you, audited',
        tags: ['workspace'],
        querystring: Query,
        response: { 200: TlsCertificates },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const namespaces = (request.query.ns ?? '').split(',').filter((name) => name !== '');
      return check(deps, authenticationOf(request), namespaces, request.id, request.gone);
    },
  );
}

async function check(
  deps: CheckDeps,
  { principal }: Authentication,
  asked: readonly string[],
  requestId: string,
  signal: AbortSignal,
): Promise<TlsCertificates> {
  const secrets = { ...SHORT_KINDS.secrets, namespaced: true };
  const scope = await deps.access.scope(principal, secrets, asked.length > 0 ? asked : undefined, signal);
  const places = scope.all ? [undefined] : [...scope.namespaces].toSorted().slice(0, MOST_NAMESPACES);
  const event = {
    action: 'secret.check-certificates',
    who: principal,
    requestId,
    cluster: deps.client.cluster,
    name: '*',
    key: 'tls.crt',
  } as const;
  const refuse = (error: unknown, namespace: string): never => {
    deps.audit.record({ ...event, namespace, outcome: 'refused', reason: reasonOf(error) });
    throw error;
  };
  if (places.length === 0) {
    const question = { verb: 'list', resource: secrets, namespace: asked[0] } as const;
    await deps.access
      .require(principal, question, signal)
      .catch((error: unknown) => refuse(error, asked[0] ?? '*'));
  }
  const client = deps.actingAs(principal);
  const items: TlsCertificate[] = [];
  let more = !scope.all && scope.namespaces.size > places.length;
  for (const namespace of places) {
    try {
      const list = await client.list(SHORT_KINDS.secrets, {
        namespace,
        fieldSelector: 'type=kubernetes.io/tls',
        limit: MOST_SECRETS,
        omitManagedFields: true,
        signal,
      });
      // Before it leaves: what cannot be accounted for is not told.
      deps.audit.record({ ...event, namespace: namespace ?? '*', outcome: 'allowed' });
      items.push(...list.items.map(certificateOf));
      more ||= (list.metadata.continue ?? '') !== '';
    } catch (error) {
      refuse(error, namespace ?? '*');
    }
  }
  return { items: items.toSorted(bySoonest), more };
}

export function certificateOf(secret: KubeObject): TlsCertificate {
  const { namespace = '', name = '' } = secret.metadata;
  const text = textAt(secret, 'data', 'tls.crt');
  if (text === null || text === '') return { namespace, name, problem: 'there is no certificate in it' };
  try {
    const { subject, validTo } = new X509Certificate(Buffer.from(text, 'base64'));
    const notAfter = Date.parse(validTo);
    if (Number.isNaN(notAfter)) return { namespace, name, problem: 'its end cannot be read' };
    return { namespace, name, subject: short(subject ?? ''), notAfter };
  } catch {
    return { namespace, name, problem: 'what is in it is no certificate' };
  }
}

/** What cannot be read first: nobody knows whether it works. */
function bySoonest(a: TlsCertificate, b: TlsCertificate): number {
  return (a.notAfter ?? 0) - (b.notAfter ?? 0) || (a.name < b.name ? -1 : 1);
}
