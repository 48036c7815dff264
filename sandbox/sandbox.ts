import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { silentLogger, type Logger } from '@krateyard/telemetry/logger';
import { ApiServer, createApiParts } from './api/api-server.ts';
import type { ApiServerContext } from './api/api-server-context.ts';
import { AuditLog } from './api/audit-log.ts';
import { builtinResources } from './api/builtin-resources.ts';
import { HttpsListener } from './api/https-listener.ts';
import { createInProcessClient } from './api/in-process-client.ts';
import { METRICS_RESOURCES, metricsEndpoints } from './api/metrics-api.ts';
import { openApiPaths } from './api/openapi-paths.ts';
import { podAdmission } from './api/pod-admission.ts';
import { bindingEndpoint, evictionEndpoint } from './api/pod-binding.ts';
import { podLogEndpoint } from './api/pod-log-endpoint.ts';
import { podUpgrades, upgradeRequired } from './api/pod-upgrades.ts';
import { quotaAdmission } from './api/quota-admission.ts';
import { reviewEndpoints } from './api/review-endpoints.ts';
import { serviceAdmission } from './api/service-admission.ts';
import { storageAdmission } from './api/storage-admission.ts';
import { tokenRequestEndpoint } from './api/token-request-endpoint.ts';
import { customDefinitionAdmission, serveCustomResources } from './api/custom-resources.ts';
import { createLife } from './life/life.ts';
import type { LocalClient } from './api/local-client.ts';
import { namespaceLifecycle } from './api/namespace-lifecycle.ts';
import { ResourceRegistry } from './api/resource-registry.ts';
import { createServerCertificate } from './api/server-certificate.ts';
import { MASTERS, type UserInfo } from './api/user.ts';
import { Authenticator } from './auth/authenticator.ts';
import { bootstrapCluster } from './auth/bootstrap.ts';
import { escalationAdmission } from './auth/escalation-admission.ts';
import { RbacAuthorizer } from './auth/rbac-authorizer.ts';
import { aggregateRoles } from './auth/role-aggregation.ts';
import { ServiceAccountTokens } from './auth/service-account-tokens.ts';
import { applyScene } from './scene/scene.ts';
import { buildKubeconfig, type Kubeconfig } from './kubeconfig.ts';
import { People, type Person } from './people.ts';
import { schemaSource } from './schema-source.ts';
import { ObjectStore } from './store/object-store.ts';

export interface SandboxOptions {
  /** `none` (default of this function), `demo` or `pods=N`. */
  readonly scene?: string;
  readonly clock?: Clock;
  /** For names, uids and the life of the scene; the clock's by default. */
  readonly random?: () => number;
  /** 0 (the default) takes a free port of 127.0.0.1. */
  readonly port?: number;
  readonly logger?: Logger;
  /** Bearer tokens to use instead of new ones. */
  readonly tokens?: Readonly<Partial<Record<Person | 'gateway', string>>>;
  /** Changes that each collection remembers. */
  readonly historyLimit?: number;
}

/** A running cluster in this process. */
export interface Sandbox {
  readonly url: string;
  readonly caPem: string;
  readonly people: People;
  /** The token of the gateway's service account. */
  readonly gatewayToken: string;
  /** Acts as `system:masters`, without a socket. */
  readonly client: LocalClient;
  readonly audit: AuditLog;
  kubeconfigObject(current?: Person): Kubeconfig;
  /** The kubeconfig as text (JSON, which is YAML), with `current` (admin) as the current context. */
  kubeconfig(current?: Person): string;
  /**
   * Breaks every connection, closes the socket and opens it again on the same port, `downMs` later. The cluster's state
   * stays; with `loseHistory` watches and lists of earlier revisions are answered 410.
   */
  restartApiServer(options?: { downMs?: number; loseHistory?: boolean }): Promise<void>;
  /** Ends everything that was started. */
  stop(): Promise<void>;
}

const CONTROLLERS: UserInfo = {
  username: 'system:kube-controller-manager',
  groups: [MASTERS, 'system:authenticated'],
};

const SYSTEM: UserInfo = { username: 'system:apiserver', groups: [MASTERS, 'system:authenticated'] };

/** Starts a cluster; resolves when it answers. Rejects for an unknown scene or a port that is taken. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock, logger = silentLogger } = options;
  const random = options.random ?? (() => clock.random());
  const store = new ObjectStore(
    options.historyLimit === undefined ? {} : { historyLimit: options.historyLimit },
  );
  const registry = new ResourceRegistry([...builtinResources(schemaSource), ...METRICS_RESOURCES]);
  const authorizer = new RbacAuthorizer(store);
  const context: ApiServerContext = {
    store,
    registry,
    clock,
    random,
    logger,
    admission: [
      namespaceLifecycle(store),
      podAdmission(store),
      serviceAdmission(store),
      storageAdmission(store),
      quotaAdmission(store),
      customDefinitionAdmission,
      escalationAdmission(authorizer),
    ],
  };
  const people = new People(options.tokens);
  const audit = new AuditLog();
  const tokens = new ServiceAccountTokens(store, clock);
  const authenticator = new Authenticator(people, tokens);
  const parts = createApiParts(context);
  const client = createInProcessClient(parts, SYSTEM);
  const certificate = createServerCertificate();
  const life = createLife({
    client: createInProcessClient(parts, CONTROLLERS),
    clock,
    random,
    logger,
    caCertificate: certificate.caPem,
  });
  const server = new ApiServer(
    parts,
    { authenticator, authorizer, audit },
    {
      special: new Map([
        ['serviceaccounts/token', tokenRequestEndpoint(context, parts.writer, tokens)],
        ['pods/binding', bindingEndpoint(parts)],
        ['pods/eviction', evictionEndpoint(parts)],
        ['pods/log', podLogEndpoint(parts.writer, life.podRuntime)],
        ...['pods/exec', 'pods/attach', 'pods/portforward'].map((name) => [name, upgradeRequired] as const),
      ]),
      virtual: new Map([
        ...reviewEndpoints({ authenticator, authorizer, clock }),
        ...metricsEndpoints(context, life.metrics),
      ]),
      paths: [openApiPaths(registry)],
    },
    podUpgrades(parts, life.podRuntime),
  );
  const stopping = new AbortController();
  await bootstrapCluster(client);
  aggregateRoles(client, stopping.signal, (err) => logger.error('aggregating roles failed', { err }));
  serveCustomResources({ client, registry, store, schemas: schemaSource, clock, logger }, stopping.signal);
  store.forgetHistory();
  const lived = life.start(stopping.signal);
  await applyScene(options.scene ?? 'none', { client, clock, random, signal: stopping.signal });
  const listener = new HttpsListener(certificate, server);
  await listener.open(options.port ?? 0);
  const url = `https://127.0.0.1:${listener.port}`;
  const kubeconfigObject = (current: Person = 'admin'): Kubeconfig =>
    buildKubeconfig({ url, caPem: certificate.caPem, people, current });
  return {
    url,
    caPem: certificate.caPem,
    people,
    client,
    audit,
    get gatewayToken() {
      return people.tokenOf('gateway') ?? '';
    },
    kubeconfigObject,
    kubeconfig: (current) => `${JSON.stringify(kubeconfigObject(current), null, 2)}\n`,
    restartApiServer: async ({ downMs = 0, loseHistory = false } = {}) => {
      const { port } = listener;
      await listener.close({ graceful: false });
      if (loseHistory) store.forgetHistory();
      if (downMs > 0) await clock.sleep(downMs, stopping.signal);
      await listener.open(port);
    },
    stop: async () => {
      stopping.abort();
      await listener.close({ graceful: true });
      await lived;
    },
  };
}
