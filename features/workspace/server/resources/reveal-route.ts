import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { AuditEvent } from '@krateyard/runtime/audit';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { reasonOf, StatusError } from '@krateyard/status/status-error';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import { RevealedValue, RevealRequest } from '../../contract/resource-api.ts';
import type { WorkspaceDeps } from '../deps.ts';

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

type RevealDeps = Pick<WorkspaceDeps, 'actingAs' | 'audit' | 'client'>;
type Asked = Pick<AuditEvent, 'namespace' | 'name' | 'key' | 'requestId'>;

/** The one way by which a Secret's value leaves: one key, read as the person, written to the audit trail either way. */
export function revealRoute(app: FastifyInstance, deps: RevealDeps): void {
  app.post<{ Params: { name: string }; Querystring: { ns: string }; Body: RevealRequest }>(
    '/api/resource/secrets/:name/reveal',
    {
      schema: {
        summary: 'One value of a Secret; audited',
        tags: ['workspace'],
        params: Type.Object({ name: Type.String({ maxLength: 253 }) }),
        querystring: Type.Object({ ns: Type.String({ minLength: 1, maxLength: 63 }) }),
        body: RevealRequest,
        response: { 200: RevealedValue },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const asked: Asked = {
        namespace: request.query.ns,
        name: request.params.name,
        key: request.body.key,
        requestId: request.id,
      };
      return reveal(deps, authenticationOf(request), asked, request.gone);
    },
  );
}

async function reveal(
  deps: RevealDeps,
  { principal }: Authentication,
  asked: Asked,
  signal: AbortSignal,
): Promise<RevealedValue> {
  const event = {
    ...asked,
    action: 'secret.reveal',
    who: principal,
    cluster: deps.client.cluster,
  } as const;
  try {
    const value = await readValue(deps.actingAs(principal), asked, signal);
    // Before it leaves: what cannot be accounted for is not shown.
    deps.audit.record({ ...event, outcome: 'allowed' });
    return { key: asked.key, ...decoded(value) };
  } catch (error) {
    deps.audit.record({ ...event, outcome: 'refused', reason: reasonOf(error) });
    throw error;
  }
}

async function readValue(
  client: Client,
  { name, namespace, key }: Asked,
  signal: AbortSignal,
): Promise<string> {
  const secret = await client.get<Secret>(SHORT_KINDS.secrets, name, namespace, { signal });
  const value = secret.data && Object.hasOwn(secret.data, key) ? secret.data[key] : undefined;
  if (value !== undefined) return value;
  throw new StatusError('NotFound', `secrets "${name}" has no key "${key}"`, {
    details: { name, kind: 'secrets' },
  });
}

function decoded(base64: string): Pick<RevealedValue, 'encoding' | 'value'> {
  const bytes = Buffer.from(base64, 'base64');
  try {
    return {
      encoding: 'utf8',
      value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    };
  } catch {
    return { encoding: 'base64', value: base64 };
  }
}
