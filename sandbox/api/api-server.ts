import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authenticator } from '../auth/authenticator.ts';
import type { RbacAuthorizer } from '../auth/rbac-authorizer.ts';
import type { ApiServerContext } from './api-server-context.ts';
import type { AuditLog } from './audit-log.ts';
import type { ListenerTarget } from './https-listener.ts';
import { createInProcessClient, type ApiParts } from './in-process-client.ts';
import type { LocalClient } from './local-client.ts';
import { ObjectDeleter } from './object-deleter.ts';
import { ObjectPatcher } from './object-patcher.ts';
import { ObjectWriter } from './object-writer.ts';
import { RequestPipeline, type PathEndpoint, type VirtualResource } from './request-pipeline.ts';
import { ResourceEndpoints } from './resource-endpoints.ts';
import { SubresourceEndpoints, type SpecialSubresource } from './subresource-endpoints.ts';
import { Subresources } from './subresources.ts';
import { servedResources, type MissingPart } from './missing-parts.ts';
import type { UpgradeEndpoints } from './upgrade-endpoints.ts';
import type { UserInfo } from './user.ts';

/** What an API server serves beside stored objects. */
export interface ApiServerExtras {
  readonly special: ReadonlyMap<string, SpecialSubresource>;
  readonly virtual: ReadonlyMap<string, VirtualResource>;
  readonly paths: readonly PathEndpoint[];
  readonly without: readonly MissingPart[];
}

/** The generic machinery, by the parts that make it up. */
export function createApiParts(context: ApiServerContext): ApiParts {
  const writer = new ObjectWriter(context);
  const patcher = new ObjectPatcher(context, writer);
  return {
    context,
    writer,
    patcher,
    deleter: new ObjectDeleter(context, writer),
    subresources: new Subresources(writer, patcher),
  };
}

/** The API server without its socket. */
export class ApiServer implements ListenerTarget {
  readonly #parts: ApiParts;
  readonly #pipeline: RequestPipeline;
  readonly #upgrades: UpgradeEndpoints;

  constructor(
    parts: ApiParts,
    access: { authenticator: Authenticator; authorizer: RbacAuthorizer; audit: AuditLog },
    extras: ApiServerExtras,
    upgrades: UpgradeEndpoints,
  ) {
    this.#parts = parts;
    this.#upgrades = upgrades;
    this.#pipeline = new RequestPipeline({
      context: parts.context,
      served: servedResources(parts.context.registry, extras.without),
      ...access,
      resources: new ResourceEndpoints(parts),
      subresources: new SubresourceEndpoints(parts, extras.special),
      virtual: extras.virtual,
      paths: extras.paths,
    });
  }

  clientFor(user: UserInfo): LocalClient {
    return createInProcessClient(this.#parts, user);
  }

  serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    return this.#pipeline.serve(request, response, signal);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, signal: AbortSignal): void {
    this.#upgrades.serve(this.#pipeline, request, socket, head, signal);
  }
}
