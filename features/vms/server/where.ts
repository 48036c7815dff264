import type { FastifyRequest } from 'fastify';
import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { METRICS_GVR } from '@krateyard/kube/usage/usage-meter';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusError } from '@krateyard/status/status-error';
import { isDnsLabel } from '../contract/dns-name.ts';
import type { VmsDeps } from './deps.ts';
import { WUKONG_SNAPSHOTS } from './machine-types.ts';

/** Namespaces of a `?namespace=`: `*` is all that one may see; undefined stands for that. Throws BadRequest. */
export function askedNamespaces(query: string | undefined, fallback: string): readonly string[] | undefined {
  if (query === '*') return undefined;
  const names = [...new Set((query ?? fallback).split(',').map((name) => name.trim()))].filter(Boolean);
  const wrong = names.find((name) => !isDnsLabel(name));
  if (wrong !== undefined)
    throw new StatusError('BadRequest', `"${wrong.slice(0, 80)}" is no name of a namespace`);
  return names.length === 0 ? [fallback] : names;
}

/** The one namespace of a request about one object. Throws BadRequest for none, several and `*`. */
export function oneNamespace(query: string | undefined, fallback: string): string {
  const names = askedNamespaces(query, fallback);
  if (names?.length === 1) return names[0]!;
  throw new StatusError('BadRequest', 'Name one namespace: ?namespace=');
}

/** Of those asked for, where this person may list the resource; null is everywhere. Throws the API server's Forbidden for nowhere. */
export async function visibleOf(
  access: AccessReview,
  who: Principal,
  resource: GroupVersionResource,
  asked: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const scope = await access.scope(who, { ...resource, namespaced: true }, asked, signal);
  if (scope.all) return asked ?? null;
  const visible = asked?.filter((name) => scope.namespaces.has(name)) ?? [...scope.namespaces];
  if (visible.length === 0) {
    const [namespace] = asked ?? [];
    await access.require(who, { verb: 'list', resource, ...(namespace && { namespace }) }, signal);
    await access.require(who, { verb: 'watch', resource, ...(namespace && { namespace }) }, signal);
  }
  return visible.toSorted();
}

/** {@link visibleOf} for who asks and what `?namespace=` says. */
export function visibleTo(
  deps: VmsDeps,
  request: FastifyRequest,
  resource: GroupVersionResource,
  namespace: string | undefined,
): Promise<readonly string[] | null> {
  const asked = askedNamespaces(namespace, deps.namespace);
  return visibleOf(deps.access, authenticationOf(request).principal, resource, asked, request.gone);
}

/** Where this person may list WukongSnapshots, of the namespaces asked for. */
export function seesWukongs(
  deps: VmsDeps,
  request: FastifyRequest,
  namespace: string | undefined,
): Promise<(namespace: string) => boolean> {
  return sees(deps, request, WUKONG_SNAPSHOTS, namespace);
}

/** Where this person may list what pods use. */
export function seesUsage(
  deps: VmsDeps,
  request: FastifyRequest,
  namespace: string | undefined,
): Promise<(namespace: string) => boolean> {
  return sees(deps, request, METRICS_GVR.pods, namespace);
}

async function sees(
  { access, namespace: fallback }: VmsDeps,
  request: FastifyRequest,
  gvr: GroupVersionResource,
  namespace: string | undefined,
): Promise<(namespace: string) => boolean> {
  const { principal } = authenticationOf(request);
  const resource = { ...gvr, namespaced: true };
  const scope = await access.scope(principal, resource, askedNamespaces(namespace, fallback), request.gone);
  return (name) => scope.all || scope.namespaces.has(name);
}
