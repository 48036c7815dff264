import type { ServiceAccountTokens } from '../auth/service-account-tokens.ts';
import { ISSUER } from '../auth/service-account-tokens.ts';
import { badRequest, conflict, invalid } from './api-errors.ts';
import { timestamp, type ApiServerContext } from './api-server-context.ts';
import { sendJson } from './http-answer.ts';
import type { ObjectWriter } from './object-writer.ts';
import { nameIn, requiredObject } from './resource-endpoints.ts';
import type { SpecialSubresource } from './subresource-endpoints.ts';

interface TokenRequestSpec {
  readonly audiences?: readonly string[] | null;
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string } | null;
}

const DEFAULT_EXPIRATION_SECONDS = 3600;
const MIN_EXPIRATION_SECONDS = 600;

/** `serviceaccounts/token`: makes a token for a service account, on request bound to a pod. */
export function tokenRequestEndpoint(
  context: ApiServerContext,
  writer: ObjectWriter,
  tokens: ServiceAccountTokens,
): SpecialSubresource {
  return async (call) => {
    const { object: account } = writer.read(call.definition, nameIn(call));
    const body = await requiredObject(call.request);
    const spec = (body['spec'] ?? {}) as TokenRequestSpec;
    const expirationSeconds = spec.expirationSeconds ?? DEFAULT_EXPIRATION_SECONDS;
    checkExpiration(expirationSeconds);
    const audiences = spec.audiences && spec.audiences.length > 0 ? spec.audiences : [ISSUER];
    const { namespace, name } = nameIn(call);
    const pod = spec.boundObjectRef ? boundPod(context, namespace, spec.boundObjectRef) : undefined;
    const uid = account.metadata.uid ?? '';
    const grant = { namespace, name, uid, audiences, expirationSeconds, ...(pod && { pod }) };
    const { token, expiresAtMs } = tokens.issue(grant);
    sendJson(call.request, call.response, 201, {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp(context.clock) },
      spec: { audiences, expirationSeconds, boundObjectRef: spec.boundObjectRef ?? null },
      status: { token, expirationTimestamp: new Date(expiresAtMs).toISOString().replace('.000Z', 'Z') },
    });
  };
}

function checkExpiration(seconds: number): void {
  if (seconds >= MIN_EXPIRATION_SECONDS) return;
  throw invalid({ kind: 'TokenRequest', group: 'authentication.k8s.io' }, '', [
    {
      field: 'spec.expirationSeconds',
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`,
    },
  ]);
}

function boundPod(
  context: ApiServerContext,
  namespace: string,
  ref: { kind?: string; name?: string; uid?: string },
): { name: string; uid: string } {
  if (ref.kind !== 'Pod') throw badRequest(`cannot bind token for serviceaccount to a type ${ref.kind}`);
  const name = ref.name ?? '';
  const uid = context.store.collection('pods').get(`${namespace}/${name}`)?.object.metadata.uid;
  if (uid === undefined || (ref.uid !== undefined && ref.uid !== uid))
    throw conflict(
      { resource: 'pods', group: '' },
      name,
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record`,
    );
  return { name, uid };
}
