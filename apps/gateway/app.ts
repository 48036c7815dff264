import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actingClient } from '@krateyard/auth/acting-client';
import { ClusterAccessReview } from '@krateyard/auth/access-review';
import { authenticateToken } from '@krateyard/auth/bearer-authenticator';
import type { Person } from '@krateyard/auth/people';
import type { Principal } from '@krateyard/auth/principal';
import type { Proof } from '@krateyard/auth/proof';
import { Hub } from '@krateyard/hub/hub';
import { createCache } from '@krateyard/kube/cache/create-cache';
import { createClient } from '@krateyard/kube/client/create-client';
import type { ClusterConfig } from '@krateyard/kube/client/cluster-config';
import { createResourceKinds } from '@krateyard/kube/discovery/create-resource-kinds';
import { invalidateOnChange } from '@krateyard/kube/discovery/invalidate-on-change';
import { readablePods } from '@krateyard/kube/usage/readable-pods';
import { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import { ClusterProbe } from '@krateyard/runtime/cluster-probe';
import type { Feature } from '@krateyard/runtime/feature';
import { featureSockets, mountFeature } from '@krateyard/runtime/feature-host';
import { healthRoutes } from '@krateyard/runtime/health-routes';
import { createHttpHost } from '@krateyard/runtime/http-host';
import { createLimits, type Limits } from '@krateyard/runtime/limits';
import { declareOwnLoad } from '@krateyard/runtime/own-load';
import { Prerequisites } from '@krateyard/runtime/prerequisites';
import type { Runnable } from '@krateyard/runtime/runnable';
import { Supervisor } from '@krateyard/runtime/supervisor';
import { untilAbort } from '@krateyard/runtime/until-abort';
import { UpgradeHost } from '@krateyard/runtime/upgrade-host';
import type { OriginRules } from '@krateyard/runtime/origin-check';
import { createTaskBoard } from '@krateyard/tasks/create-task-board';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { MetricsRegistry } from '@krateyard/telemetry/metrics';
import { consoleRecordings, createVmsFeature } from '@krateyard/vms/server/feature';
import { createWorkspaceFeature } from '@krateyard/workspace/server/feature';
import type { FastifyInstance } from 'fastify';
import { createAuditTrail } from './audit-trail.ts';
import type { Config } from './config-schema.ts';
import { consoleFiles } from './console-files.ts';
import { createRecordings } from './create-recordings.ts';
import { featuresRoute } from './features-route.ts';
import { healthParts } from './health-parts.ts';
import { createIdentity, type Identity } from './identity.ts';
import { isLoopback } from './loopback.ts';
import { ownReach } from './own-reach.ts';
import { SignInDesk, sessionRoutes } from './session-routes.ts';
import { signInRoutes } from './sign-in-routes.ts';

/** What `build` needs beside the configuration; all that a test replaces. */
export interface Surroundings {
  readonly cluster: ServedCluster;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes what must be accounted for, whatever the log's level. */
  readonly auditLog: Logger;
  readonly metrics: MetricsRegistry;
  readonly version: string;
  readonly stateDir: string | undefined;
  /** The console's built files. */
  readonly consoleDir: string | undefined;
}

/** The cluster to serve, and whom it lets in. */
export interface ServedCluster {
  readonly config: ClusterConfig;
  readonly embedded: boolean;
  /** The embedded cluster's people, for the sign-in page. */
  readonly people: readonly Person[];
  /** Whom the printed URL's ticket signs in; absent: people bring their own tokens. */
  readonly host: Proof | undefined;
}

export interface Gateway {
  /** Starts all parts and binds; the sign-in URL carries a one-shot ticket where there is a host. */
  listen(): Promise<{ readonly url: string; readonly signInUrl: string }>;
  /** Stops taking requests, tells sockets to come back later, then stops the parts. True when all ended in time. */
  stop(deadlineMs: number): Promise<boolean>;
  readonly http: FastifyInstance;
}

/** The printed URL is read by a person. */
const SIGN_IN_TICKET_MS = 10 * 60_000;
const HANDSHAKE_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;

export async function build(config: Config, around: Surroundings): Promise<Gateway> {
  const { clock, logger, metrics } = around;
  const client = createClient({ config: around.cluster.config, clock, logger, metrics });
  const kernel = createKernel(config, around, client);
  const limits = createGatewayLimits(config, metrics);
  const recorded = createRecordings(config, { ...around, logger: logger.with({ feature: 'recordings' }) });
  const features: readonly Feature[] = [
    createWorkspaceFeature({
      client,
      cache: kernel.cache,
      kinds: kernel.kinds,
      access: kernel.access,
      hub: kernel.hub,
      tasks: kernel.tasks,
      usage: kernel.usage,
      actingAs: (who) => actingClient(client, who),
      authenticateToken: (token, signal) => authenticateToken(kernel.identity.tokens, token, signal),
      credentials: kernel.identity.credentials,
      apiServer: kernel.probe,
      audit: createAuditTrail(around.auditLog),
      shells: {
        limits,
        holdMs: config.shellHoldSeconds * 1000,
        scrollbackBytes: config.shellScrollbackBytes,
      },
      logs: { limits },
      ...(recorded && { recordings: { ...recorded, consoles: consoleRecordings } }),
      clock,
      logger: logger.with({ feature: 'workspace' }),
      metrics,
    }),
    createVmsFeature({
      cache: kernel.cache,
      kinds: kernel.kinds,
      access: kernel.access,
      tasks: kernel.tasks,
      usage: kernel.usage,
      actingAs: (who) => actingClient(client, who),
      namespace: config.namespace ?? 'default',
      authenticateToken: (token, signal) => authenticateToken(kernel.identity.tokens, token, signal),
      credentials: kernel.identity.credentials,
      audit: createAuditTrail(around.auditLog),
      consoles: {
        holdMs: config.shellHoldSeconds * 1000,
        scrollbackBytes: config.shellScrollbackBytes,
        recordings: recorded?.recordings,
        unattendedMs: config.consoleUnattendedMinutes * 60_000,
      },
      screens: {
        limits,
        idleReleaseMs: config.screenIdleSeconds * 1000,
        issueTicket: (authentication, address, lifetimeMs) =>
          kernel.identity.tickets.issue({ for: 'socket', authentication, address }, lifetimeMs),
      },
      clock,
      logger: logger.with({ feature: 'vms' }),
      metrics,
    }),
  ];
  const keepers = recorded ? [recorded.recordings.keeper] : [];
  return assemble(config, around, { ...kernel, limits, keepers }, features);
}

type Kernel = ReturnType<typeof createKernel> & {
  readonly limits: Limits;
  /** What lives beside the rooms, and is stopped after them. */
  readonly keepers: readonly Runnable[];
};

function createKernel(config: Config, around: Surroundings, client: ReturnType<typeof createClient>) {
  const { clock, logger, metrics, cluster } = around;
  const kinds = createResourceKinds(client, { clock });
  const reach = ownReach(kinds, () => access);
  const cache = createCache({ client, clock, logger, metrics, budgetBytes: config.cacheBytes, reach });
  const namespaces = toldNamespaces(config, cluster.config);
  const access = new ClusterAccessReview({ client, cache, clock, metrics, namespaces: () => namespaces });
  const own = cluster.host?.kind === 'own';
  return {
    client,
    cache,
    kinds,
    access,
    namespaces,
    hub: new Hub<Principal>({ clock, logger, metrics }),
    tasks: createTaskBoard({ clock, logger, metrics }),
    usage: new UsageMeter({
      client,
      kinds,
      clock,
      logger,
      namespaces: (signal) => readablePods(cache, signal),
    }),
    probe: new ClusterProbe({ client, clock }),
    identity: createIdentity(config, {
      client,
      people: cluster.people,
      own,
      stateDir: around.stateDir,
      clock,
      logger,
      metrics,
    }),
  };
}

/** Where to look while the cluster's namespaces may not be listed. */
function toldNamespaces(config: Config, { namespace }: ClusterConfig): readonly string[] {
  return [...new Set([namespace, ...(config.namespace ? [config.namespace] : []), ...config.namespaces])];
}

async function assemble(
  config: Config,
  around: Surroundings,
  kernel: Kernel,
  features: readonly Feature[],
): Promise<Gateway> {
  const { clock, logger, metrics } = around;
  const { identity, client, limits } = kernel;
  declareOwnLoad(metrics);
  const origins: OriginRules = {
    trustProxy: config.trustProxy,
    allowedOrigins: config.allowedOrigins,
    loopbackOnly: isLoopback(config.host),
  };
  const prerequisites = new Prerequisites({ client, clock, features, namespaces: kernel.namespaces });
  const supervisor = superviseAll(around, kernel, prerequisites, features);
  const http = await createHttpHost({
    authenticator: identity.authenticator,
    limits,
    origins,
    logger,
    metrics,
    clock,
    maxBodyBytes: config.maxBodyBytes,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
  const sockets = features.flatMap((feature) => featureSockets(feature, prerequisites));
  const upgrades = new UpgradeHost({
    routes: () => sockets,
    authenticator: identity.authenticator,
    credentials: identity.credentials,
    limits,
    origins,
    logger,
    metrics,
    clock,
    handshakeMs: HANDSHAKE_MS,
  });
  upgrades.attach(http.server as Server);
  let stopped: Promise<boolean> | undefined;
  const life = { phase: 'starting' as 'starting' | 'ready' | 'draining' };
  healthRoutes(http, {
    version: around.version,
    clock,
    metrics,
    parts: () => healthParts({ ...kernel, supervisor, prerequisites, features }),
    notReady: () => (life.phase === 'ready' ? undefined : life.phase),
  });
  await mountAll(http, config, around, kernel, { origins, prerequisites, features });
  return {
    http,
    listen: async () => {
      supervisor.start();
      await http.listen({ host: config.host, port: config.port });
      life.phase = 'ready';
      const url = urlOf(config.host, (http.server.address() as AddressInfo).port);
      return { url, signInUrl: signInUrl(url, identity, around.cluster.host) };
    },
    stop: (deadlineMs) => {
      life.phase = 'draining';
      stopped ??= stopAll({ http, upgrades, supervisor, kernel, clock }, deadlineMs);
      return stopped;
    },
  };
}

async function mountAll(
  http: FastifyInstance,
  config: Config,
  around: Surroundings,
  kernel: Kernel,
  parts: { origins: OriginRules; prerequisites: Prerequisites; features: readonly Feature[] },
): Promise<void> {
  const { identity, client } = kernel;
  const { people, embedded } = around.cluster;
  const desk = new SignInDesk({
    ...identity,
    people,
    origins: parts.origins,
    cluster: { name: client.cluster, embedded },
    namespace: config.namespace,
    maxAgeSeconds: config.sessionMaxMinutes * 60,
    clock: around.clock,
    logger: around.logger,
  });
  http.addHook('onRequest', async (request, reply) => {
    const cookie = request.authentication && (await identity.sessions.refreshed(request.authentication));
    if (cookie) desk.setCookie(request, reply, cookie);
  });
  sessionRoutes(http, desk);
  await signInRoutes(http, { desk, people, cluster: client.cluster });
  featuresRoute(http, parts.prerequisites);
  for (const feature of parts.features) await mountFeature(http, feature, parts.prerequisites);
  http.get('/api/openapi.json', { config: { public: true }, schema: { hide: true } }, () => http.swagger());
  await consoleFiles(http, around.consoleDir);
}

function superviseAll(
  around: Surroundings,
  kernel: Kernel,
  prerequisites: Prerequisites,
  features: readonly Feature[],
): Supervisor {
  const supervisor = new Supervisor(around);
  supervisor.add('health', kernel.probe);
  supervisor.add('health', prerequisites);
  supervisor.add('caches', {
    name: 'discovery',
    start: async (signal) => {
      const stop = invalidateOnChange(kernel.cache, kernel.kinds, around.clock);
      await untilAbort(signal);
      stop();
    },
  });
  supervisor.add('features', {
    name: 'tasks',
    start: async (signal) => {
      await untilAbort(signal);
      await kernel.tasks.close();
    },
  });
  for (const keeper of kernel.keepers) supervisor.add('features', keeper);
  for (const feature of features) {
    for (const runnable of feature.runnables ?? []) supervisor.add('features', runnable);
  }
  return supervisor;
}

function createGatewayLimits(config: Config, metrics: MetricsRegistry): Limits {
  return createLimits({
    table: {
      sockets: { total: config.maxSockets, perUser: config.maxSocketsPerUser },
      requests: { perUser: config.maxRequestsPerUser },
      shells: {
        total: config.maxShells,
        perUser: config.maxShellsPerUser,
        perUserAndNamespace: config.maxShellsPerUserAndNamespace,
      },
      screens: { total: config.maxScreens, perUser: config.maxScreensPerUser },
      logs: {
        total: config.maxLogs,
        perUser: config.maxLogsPerUser,
        perUserAndNamespace: config.maxLogsPerUserAndNamespace,
      },
    },
    fallback: { total: config.maxSockets, perUser: config.maxSocketsPerUser },
    metrics,
  });
}

function signInUrl(url: string, identity: Identity, host: Proof | undefined): string {
  if (!host) return `${url}/sign-in`;
  const ticket = identity.tickets.issue({ for: 'sign-in', proof: host }, SIGN_IN_TICKET_MS);
  return `${url}/sign-in?ticket=${ticket}`;
}

function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

async function stopAll(
  parts: {
    http: FastifyInstance;
    upgrades: UpgradeHost;
    supervisor: Supervisor;
    kernel: Kernel;
    clock: Clock;
  },
  deadlineMs: number,
): Promise<boolean> {
  const { http, upgrades, supervisor, kernel, clock } = parts;
  const endsAt = clock.monotonic() + deadlineMs;
  const left = (): number => Math.max(0, endsAt - clock.monotonic());
  const server = http.server as Server;
  // Sockets first, as an HTTP server only counts as closed without them.
  const draining = upgrades.drain(left());
  const cut = clock.after(left(), () => server.closeAllConnections());
  const closed = http.close();
  await draining;
  await closed;
  cut();
  const inTime = await supervisor.stop(left());
  kernel.identity.credentials.close();
  kernel.access[Symbol.dispose]();
  await kernel.hub.drain(AbortSignal.timeout(Math.ceil(left())));
  await kernel.cache.close();
  await kernel.client.close();
  return inTime;
}
