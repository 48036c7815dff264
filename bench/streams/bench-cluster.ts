import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { Client } from '@krateyard/kube/client/client';
import type { ClusterConfig } from '@krateyard/kube/client/cluster-config';
import { createClient } from '@krateyard/kube/client/create-client';
import { loadKubeconfig } from '@krateyard/kube/client/kubeconfig';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { startProgram } from '../lists/child.ts';

const CORE = { group: '', version: 'v1' };
const PODS = { ...CORE, resource: 'pods' };
const NAMESPACES = { ...CORE, resource: 'namespaces' };
const ACCOUNTS = { ...CORE, resource: 'serviceaccounts' };
const BINDINGS = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'rolebindings' };
const RUNNING_MS = 120_000;
const LOOK_MS = 250;

/** A cluster with a namespace of our own in it, and somebody who may do everything there. */
export interface BenchCluster {
  readonly label: string;
  readonly kubeconfig: string;
  readonly server: string;
  readonly ca: string | undefined;
  readonly namespace: string;
  readonly token: string;
  readonly real: boolean;
  /** Makes a pod of one busybox container and waits until it runs. */
  pod(name: string, script: string, annotations?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** The cluster of KUBECONFIG, else a sandbox in a process of its own. */
export async function openBenchCluster(): Promise<BenchCluster> {
  const file = process.env['KUBECONFIG'];
  if (file !== undefined && file !== '') return within('real cluster', file, true, async () => {});
  const folder = await mkdtemp(join(tmpdir(), 'krateyard-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const { child } = await startProgram('sandbox/main.ts', [
    '--scene',
    'pods=1',
    '--write-kubeconfig',
    kubeconfig,
  ]);
  return within('sandbox', kubeconfig, false, async () => {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  });
}

async function within(
  label: string,
  kubeconfig: string,
  real: boolean,
  stop: () => Promise<void>,
): Promise<BenchCluster> {
  const config = await loadKubeconfig({ files: [kubeconfig] }, {});
  const client = createClient({ config });
  const namespace = `krateyard-bench-${randomBytes(3).toString('hex')}`;
  const close = async (): Promise<void> => {
    await client.delete(NAMESPACES, namespace).catch(() => undefined);
    await client.close();
    await stop();
  };
  try {
    const ca = await pemOf(config);
    const token = await person(client, namespace);
    await untilAllowed(`${config.server}/api/v1/namespaces/${namespace}/pods`, token, ca);
    return {
      label,
      kubeconfig,
      server: config.server,
      ca,
      namespace,
      token,
      real,
      pod: (name, script, annotations = {}) => startPod(client, namespace, name, script, annotations),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function person(client: Client, namespace: string): Promise<string> {
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const name = 'bench';
  await client.create(ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  await client.create(BINDINGS, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  const made = await client.request<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 7200 } },
  });
  await until('the default service account', async () =>
    client.get(ACCOUNTS, 'default', namespace).catch(() => undefined),
  );
  return made.status.token;
}

/** API servers take a moment to learn of a new binding. */
async function untilAllowed(url: string, token: string, ca: string | undefined): Promise<void> {
  const dispatcher = new Agent({ connect: ca === undefined ? {} : { ca } });
  const headers = { authorization: `Bearer ${token}` };
  await until('the right to read pods', async () => {
    const { statusCode, body } = await request(url, { dispatcher, headers });
    await body.dump();
    return statusCode === 200 || undefined;
  });
  await dispatcher.close();
}

async function startPod(
  client: Client,
  namespace: string,
  name: string,
  script: string,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  await client.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, annotations },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        { name: 'main', image: 'local/busybox:1', imagePullPolicy: 'Never', command: ['sh', '-c', script] },
      ],
    },
  } as KubeObject);
  await until(`pod ${name}`, async () => {
    const pod = await client.get(PODS, name, namespace);
    return (pod['status'] as { phase?: string } | undefined)?.phase === 'Running' || undefined;
  });
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const endsAt = performance.now() + RUNNING_MS;
  while (performance.now() < endsAt) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`${what} did not come`);
}

async function pemOf({ ca }: ClusterConfig): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  return 'pem' in ca ? ca.pem : readFile(ca.file, 'utf8');
}
