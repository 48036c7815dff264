import type { IncomingMessage, ServerResponse } from 'node:http';
import { isStatusError } from '@krateyard/status/status-error';
import { bearerToken, type Authenticator } from '../auth/authenticator.ts';
import { denied } from '../auth/denial.ts';
import { impersonatedUser } from '../auth/impersonation.ts';
import type { RbacAuthorizer } from '../auth/rbac-authorizer.ts';
import type { AccessAttributes } from '../auth/rbac-rules.ts';
import type { ApiServerContext } from './api-server-context.ts';
import type { AuditLog } from './audit-log.ts';
import { serveDiscovery } from './discovery.ts';
import { sendError, sendText } from './http-answer.ts';
import type { ServedResources } from './missing-parts.ts';
import { readRequestInfo, type RequestInfo } from './request-info.ts';
import { definitionOf, type ResourceCall, type ResourceEndpoints } from './resource-endpoints.ts';
import { serveServerPaths } from './server-paths.ts';
import type { SubresourceEndpoints } from './subresource-endpoints.ts';
import type { UserInfo } from './user.ts';

/** Answers a path that is not a resource's; false when it is not one of its own. */
export type PathEndpoint = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => boolean | Promise<boolean>;

/** Answers a request for a resource that is computed, not stored. */
export type VirtualResource = (call: ResourceCall) => Promise<void>;

export interface PipelineParts {
  readonly context: ApiServerContext;
  readonly served: ServedResources;
  readonly authenticator: Authenticator;
  readonly authorizer: RbacAuthorizer;
  readonly audit: AuditLog;
  readonly resources: ResourceEndpoints;
  readonly subresources: SubresourceEndpoints;
  /** By `resource.group`. */
  readonly virtual: ReadonlyMap<string, VirtualResource>;
  readonly paths: readonly PathEndpoint[];
}

/** A request with its maker, allowed to go on. */
export interface AuthorizedRequest {
  readonly info: RequestInfo;
  readonly user: UserInfo;
}

/** From a request's first byte to its answer: who, as whom, may they, what. */
export class RequestPipeline {
  readonly #parts: PipelineParts;
  readonly #requestUsers = new WeakMap<IncomingMessage, { user: UserInfo; as?: UserInfo }>();

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  async serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    response.once('close', () => this.audit(request, response.statusCode));
    try {
      const { info, user } = this.authorize(request);
      await this.#dispatch(request, response, info, user, signal);
    } catch (error) {
      if (!isStatusError(error)) this.#parts.context.logger.error('a request failed', { err: error });
      sendError(request, response, error);
    }
  }

  /** Throws Unauthorized or Forbidden; also for upgrades, which have no response yet. */
  authorize(request: IncomingMessage): AuthorizedRequest {
    const info = readRequestInfo(request.method ?? 'GET', request.url ?? '/');
    const { authenticator, authorizer } = this.#parts;
    const { headers } = request;
    const maker = authenticator.authenticate(
      bearerToken(headers.authorization, headers['sec-websocket-protocol']),
    );
    this.#requestUsers.set(request, { user: maker });
    const as = impersonatedUser(maker, headers, request.rawHeaders, authorizer);
    if (as) this.#requestUsers.set(request, { user: maker, as });
    const user = as ?? maker;
    const access = accessOf(info);
    if (!authorizer.allows(user, access)) throw denied(user, access);
    return { info, user };
  }

  audit(request: IncomingMessage, code: number): void {
    const makers = this.#requestUsers.get(request);
    const url = request.url ?? '/';
    this.#parts.audit.record({
      user: makers?.user.username ?? '',
      ...(makers?.as && { impersonatedUser: makers.as.username, impersonatedGroups: makers.as.groups }),
      verb: safeVerb(request),
      path: url.split('?', 1)[0]!,
      code,
    });
  }

  async #dispatch(
    request: IncomingMessage,
    response: ServerResponse,
    info: RequestInfo,
    user: UserInfo,
    signal: AbortSignal,
  ): Promise<void> {
    const { context, served, virtual, resources, subresources } = this.#parts;
    const { target } = info;
    if (!target || !served.serves(target.group)) return this.#servePath(request, response, info.path);
    const call = { request, response, info, target, user, signal, definition: definitionOf(context, target) };
    const computed = virtual.get(`${target.resource}.${target.group}`);
    if (computed) return computed(call);
    return target.subresource === undefined ? resources.serve(call) : subresources.serve(call);
  }

  async #servePath(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { served, paths } = this.#parts;
    if (serveServerPaths(request, response, path)) return;
    for (const serve of paths) if (await serve(request, response, path)) return;
    if (serveDiscovery(served, request, response, path)) return;
    sendText(request, response, 404, 'text/plain; charset=utf-8', '404 page not found\n');
  }
}

function accessOf(info: RequestInfo): AccessAttributes {
  const { target, verb, path, query } = info;
  if (!target) return { verb, path };
  // Of a longer path below an object authorizers see the first part: `vnc` of `vnc/screenshot`.
  const subresource = target.subresource?.split('/', 1)[0];
  return { verb, ...target, subresource, name: target.name ?? nameInSelector(query) };
}

/** A list of `metadata.name=x` is a list of that one object, also to authorizers. */
function nameInSelector(query: URLSearchParams): string | undefined {
  return /^metadata\.name==?([^=,!]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
}

function safeVerb(request: IncomingMessage): string {
  try {
    return readRequestInfo(request.method ?? 'GET', request.url ?? '/').verb;
  } catch {
    return (request.method ?? 'GET').toLowerCase();
  }
}
