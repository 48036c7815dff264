import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { silentLogger, type Logger } from '@krateyard/telemetry/logger';
import { timestamp } from './api/api-server-context.ts';
import { AuditLog } from './api/audit-log.ts';
import { serveCustomResources } from './api/custom-resources.ts';
import type { MissingPart } from './api/missing-parts.ts';
import { HttpsListener } from './api/https-listener.ts';
import { createInProcessClient } from './api/in-process-client.ts';
import type { LocalClient } from './api/local-client.ts';
import { createServerCertificate } from './api/server-certificate.ts';
import { MASTERS, type UserInfo } from './api/user.ts';
import { bootstrapCluster } from './auth/bootstrap.ts';
import { aggregateRoles } from './auth/role-aggregation.ts';
import { createControlPlane, type ControlPlane } from './control-plane.ts';
import { buildKubeconfig, type Kubeconfig } from './kubeconfig.ts';
import { Guests } from './kubevirt/guest/guests.ts';
import { QemuYard } from './kubevirt/guest/qemu/qemu-yard.ts';
import { People, type Person } from './people.ts';
import { applyScene } from './scene/scene.ts';
import { schemaSource } from './schema-source.ts';

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
  /** Parts that the API server does not serve; the cluster's own controllers are not touched by it. */
  readonly without?: readonly MissingPart[];
  /** Behind the screens of machines: a simulated guest (the default), or QEMU, which must be on PATH. */
  readonly guest?: GuestKind;
}

export const GUEST_KINDS = ['simulated', 'qemu'] as const;
export type GuestKind = (typeof GUEST_KINDS)[number];

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

const SYSTEM: UserInfo = { username: 'system:apiserver', groups: [MASTERS, 'system:authenticated'] };

/** Starts a cluster; resolves when it answers. Rejects for an unknown scene, a port that is taken, and QEMU that is not there. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock, logger = silentLogger, historyLimit } = options;
  const random = options.random ?? (() => clock.random());
  const people = new People(options.tokens);
  const audit = new AuditLog();
  const certificate = createServerCertificate();
  const { caPem } = certificate;
  const qemu = options.guest === 'qemu' ? new QemuYard() : undefined;
  const plane = createControlPlane({
    clock,
    random,
    logger,
    people,
    audit,
    caPem,
    ...(historyLimit !== undefined && { historyLimit }),
    ...(options.without && { without: options.without }),
    ...(qemu && { guests: new Guests((of) => qemu.make(of)) }),
  });
  const client = createInProcessClient(plane.parts, SYSTEM);
  const listener = new HttpsListener(certificate, plane.server);
  const stopping = new AbortController();
  let lived: Promise<void> = Promise.resolve();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await listener.close({ graceful: true });
    await lived;
    qemu?.[Symbol.dispose]();
  };
  try {
    lived = (await startLife(plane, client, stopping.signal)).ended;
    await applyScene(options.scene ?? 'none', { client, clock, random, signal: stopping.signal });
    await listener.open(options.port ?? 0);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `https://127.0.0.1:${listener.port}`;
  const kubeconfigObject = (current: Person = 'admin'): Kubeconfig =>
    buildKubeconfig({ url, caPem, people, current });
  return {
    url,
    caPem,
    people,
    client,
    audit,
    stop,
    get gatewayToken() {
      return people.tokenOf('gateway') ?? '';
    },
    kubeconfigObject,
    kubeconfig: (current) => `${JSON.stringify(kubeconfigObject(current), null, 2)}\n`,
    restartApiServer: async ({ downMs = 0, loseHistory = false } = {}) => {
      const { port } = listener;
      await listener.close({ graceful: false });
      if (loseHistory) plane.context.store.forgetHistory();
      if (downMs > 0) await clock.sleep(downMs, stopping.signal);
      if (!stopping.signal.aborted) await listener.open(port);
    },
  };
}

/** Fills in what every cluster has and sets it going; the result holds the promise that resolves when all has stopped. */
async function startLife(
  { context, life }: ControlPlane,
  client: LocalClient,
  signal: AbortSignal,
): Promise<{ ended: Promise<void> }> {
  const { registry, store, clock, logger } = context;
  await bootstrapCluster(client, registry, timestamp(clock));
  aggregateRoles(client, signal, (err) => logger.error('aggregating roles failed', { err }));
  serveCustomResources({ client, registry, store, schemas: schemaSource, clock, logger }, signal);
  store.forgetHistory();
  return { ended: life.start(signal) };
}
