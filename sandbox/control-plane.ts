import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { ApiServer, createApiParts } from './api/api-server.ts';
import type { ApiServerContext } from './api/api-server-context.ts';
import type { AuditLog } from './api/audit-log.ts';
import { builtinResources } from './api/builtin-resources.ts';
import { customDefinitionAdmission } from './api/custom-resources.ts';
import { createInProcessClient, type ApiParts } from './api/in-process-client.ts';
import type { MissingPart } from './api/missing-parts.ts';
import { METRICS_RESOURCES, metricsEndpoints } from './api/metrics-api.ts';
import { namespaceLifecycle } from './api/namespace-lifecycle.ts';
import { openApiPaths } from './api/openapi-paths.ts';
import { podAdmission } from './api/pod-admission.ts';
import { bindingEndpoint, evictionEndpoint } from './api/pod-binding.ts';
import { podLogEndpoint } from './api/pod-log-endpoint.ts';
import { podUpgrades, upgradeRequired } from './api/pod-upgrades.ts';
import { quotaAdmission } from './api/quota-admission.ts';
import { ResourceRegistry } from './api/resource-registry.ts';
import { reviewEndpoints } from './api/review-endpoints.ts';
import { serviceAdmission } from './api/service-admission.ts';
import { storageAdmission } from './api/storage-admission.ts';
import { tokenRequestEndpoint } from './api/token-request-endpoint.ts';
import { UpgradeEndpoints } from './api/upgrade-endpoints.ts';
import { MASTERS, type UserInfo } from './api/user.ts';
import { Authenticator } from './auth/authenticator.ts';
import { escalationAdmission } from './auth/escalation-admission.ts';
import { RbacAuthorizer } from './auth/rbac-authorizer.ts';
import { ServiceAccountTokens } from './auth/service-account-tokens.ts';
import { Guests } from './kubevirt/guest/guests.ts';
import { snapshotAdmission } from './kubevirt/snapshot-admission.ts';
import { machineAdmission } from './kubevirt/vm-admission.ts';
import { vmEndpoints } from './kubevirt/vm-endpoints.ts';
import { VmRequests } from './kubevirt/vm-requests.ts';
import { vmStreams } from './kubevirt/vm-streams.ts';
import { createLife, type Life } from './life/life.ts';
import type { People } from './people.ts';
import { schemaSource } from './schema-source.ts';
import { ObjectStore } from './store/object-store.ts';

export interface ControlPlaneOptions {
  readonly clock: Clock;
  /** For names, uids and life: a number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly people: People;
  readonly audit: AuditLog;
  /** PEM, for the pods. */
  readonly caPem: string;
  readonly historyLimit?: number;
  readonly without?: readonly MissingPart[];
  /** What machines are made of; simulated unless told. */
  readonly guests?: Guests;
}

/** Everything of a cluster but its socket; nothing of it runs yet. */
export interface ControlPlane {
  readonly context: ApiServerContext;
  readonly parts: ApiParts;
  readonly server: ApiServer;
  readonly life: Life;
}

const CONTROLLERS: UserInfo = {
  username: 'system:kube-controller-manager',
  groups: [MASTERS, 'system:authenticated'],
};

const VIRT_API: UserInfo = {
  username: 'system:serviceaccount:kubevirt:kubevirt-apiserver',
  groups: [MASTERS, 'system:authenticated'],
};

export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { clock, random, logger, people, audit } = options;
  const store = new ObjectStore(
    options.historyLimit === undefined ? {} : { historyLimit: options.historyLimit },
  );
  const authorizer = new RbacAuthorizer(store);
  const context = createContext(options, store, authorizer);
  const tokens = new ServiceAccountTokens(store, clock);
  const authenticator = new Authenticator(people, tokens);
  const parts = createApiParts(context);
  const { guests = new Guests() } = options;
  const life = createLife({
    client: createInProcessClient(parts, CONTROLLERS),
    clock,
    random,
    logger,
    caCertificate: options.caPem,
    guests,
    registry: context.registry,
  });
  const vms = new VmRequests({
    client: createInProcessClient(parts, VIRT_API),
    guests,
    now: () => clock.now(),
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
        ...vmEndpoints(vms),
      ]),
      paths: [openApiPaths(context.registry)],
      without: options.without ?? [],
    },
    new UpgradeEndpoints(new Map([...podUpgrades(parts, life.podRuntime), ...vmStreams(vms, guests)])),
  );
  return { context, parts, server, life };
}

function createContext(
  { clock, random, logger }: ControlPlaneOptions,
  store: ObjectStore,
  authorizer: RbacAuthorizer,
): ApiServerContext {
  return {
    store,
    registry: new ResourceRegistry([...builtinResources(schemaSource), ...METRICS_RESOURCES]),
    clock,
    random,
    logger,
    admission: [
      namespaceLifecycle(store),
      podAdmission(store),
      serviceAdmission(store),
      storageAdmission(store),
      machineAdmission(store),
      snapshotAdmission(store),
      quotaAdmission(store),
      customDefinitionAdmission,
      escalationAdmission(authorizer),
    ],
  };
}
