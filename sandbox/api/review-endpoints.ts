import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Authenticator } from '../auth/authenticator.ts';
import type { RbacAuthorizer } from '../auth/rbac-authorizer.ts';
import type { AccessAttributes } from '../auth/rbac-rules.ts';
import { ISSUER } from '../auth/service-account-tokens.ts';
import { badRequest, invalid, methodNotAllowed } from './api-errors.ts';
import { sendJson } from './http-answer.ts';
import { withTypeFirst } from './object-view.ts';
import type { VirtualResource } from './request-pipeline.ts';
import { requiredObject, type ResourceCall } from './resource-endpoints.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { timestamp } from './api-server-context.ts';
import type { Clock } from '@krateyard/telemetry/clock';
import type { UserInfo } from './user.ts';

interface AccessSpec {
  readonly resourceAttributes?: {
    readonly namespace?: string;
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Fills in the `status` of a review. */
type Review = (call: ResourceCall, object: KubeObject) => object;

/** The resources that answer questions about who somebody is and what they may do; nothing of them is stored. */
export function reviewEndpoints(of: {
  authenticator: Authenticator;
  authorizer: RbacAuthorizer;
  clock: Clock;
}): Map<string, VirtualResource> {
  const { authenticator, authorizer, clock } = of;
  const answer = (user: UserInfo, access: AccessAttributes): object => {
    const reason = authorizer.reasonFor(user, access);
    return { allowed: reason !== undefined, ...(reason && { reason }) };
  };
  const reviews: Record<string, Review> = {
    'tokenreviews.authentication.k8s.io': (_call, object) => reviewToken(authenticator, object),
    'selfsubjectreviews.authentication.k8s.io': ({ user }) => ({ userInfo: userInfo(user) }),
    'subjectaccessreviews.authorization.k8s.io': ({ definition }, object) => {
      const { access, spec } = readAccess(definition, object);
      return answer(subjectOf(definition, spec), access);
    },
    'localsubjectaccessreviews.authorization.k8s.io': ({ definition, target }, object) => {
      const { access, spec } = readAccess(definition, object);
      if ('path' in access || access.namespace !== target.namespace)
        throw badRequest(
          `namespace mismatch: ${target.namespace} is not ${'path' in access ? '' : access.namespace}`,
        );
      return answer(subjectOf(definition, spec), access);
    },
    'selfsubjectaccessreviews.authorization.k8s.io': ({ user, definition }, object) =>
      answer(user, readAccess(definition, object).access),
    'selfsubjectrulesreviews.authorization.k8s.io': ({ user }, object) =>
      reviewRules(authorizer, user, object),
  };
  return new Map(Object.entries(reviews).map(([name, review]) => [name, endpoint(review, clock)]));
}

function endpoint(review: Review, clock: Clock): VirtualResource {
  return async (call) => {
    if (call.info.verb !== 'create') throw methodNotAllowed();
    const object = withTypeFirst(call.definition, await requiredObject(call.request));
    const metadata = { ...object.metadata, creationTimestamp: timestamp(clock) };
    sendJson(call.request, call.response, 201, { ...object, metadata, status: review(call, object) });
  };
}

function reviewToken(authenticator: Authenticator, object: KubeObject): object {
  const { token = '', audiences } = (object['spec'] ?? {}) as { token?: string; audiences?: string[] };
  if (token === '') return { user: {}, error: 'token is required for TokenReview in authentication' };
  if (audiences && audiences.length > 0 && !audiences.includes(ISSUER))
    return {
      user: {},
      error: `[token audiences [${ISSUER}] is invalid for the target audiences [${audiences.join(' ')}]]`,
    };
  const user = authenticator.userOf(token);
  if (!user) return { user: {}, error: '[invalid bearer token]' };
  return { authenticated: true, user: userInfo(user), audiences: [ISSUER] };
}

function userInfo({ username, uid, groups, extra }: UserInfo): object {
  return { username, ...(uid !== undefined && { uid }), groups, ...(extra && { extra }) };
}

function readAccess(
  definition: ResourceDefinition,
  object: KubeObject,
): { access: AccessAttributes; spec: AccessSpec } {
  const spec = (object['spec'] ?? {}) as AccessSpec;
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if ((resource === undefined) === (path === undefined))
    throw invalid(definition, '', [
      {
        field: resource ? 'spec.nonResourceAttributes' : 'spec.resourceAttributes',
        reason: 'FieldValueInvalid',
        message: resource
          ? 'Invalid value: {}: cannot be specified in combination with resourceAttributes'
          : 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
      },
    ]);
  if (path) return { spec, access: { verb: path.verb ?? '', path: path.path ?? '' } };
  const { verb = '', group = '', resource: name = '', ...rest } = resource!;
  return { spec, access: { ...rest, verb, group, resource: name } };
}

function subjectOf(definition: ResourceDefinition, spec: AccessSpec): UserInfo {
  const { user = '', groups = [], uid, extra } = spec;
  if (user === '' && groups.length === 0)
    throw invalid(definition, '', [
      {
        field: 'spec.user',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: "": at least one of user or group must be specified',
      },
    ]);
  return { username: user, groups, ...(uid !== undefined && { uid }), ...(extra && { extra }) };
}

function reviewRules(authorizer: RbacAuthorizer, user: UserInfo, object: KubeObject): object {
  const { namespace = '' } = (object['spec'] ?? {}) as { namespace?: string };
  if (namespace === '') throw badRequest('no namespace on request');
  const rules = authorizer.rulesOf(user, namespace);
  return {
    resourceRules: rules
      .filter(({ resources }) => resources !== undefined)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames && { resourceNames }),
      })),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  };
}
