import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterConfig } from './cluster-config.ts';
import { ConfigProblems } from './config-problems.ts';

/** Where kubelet mounts a pod's service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

type Environment = Readonly<Record<string, string | undefined>>;

/** True inside a pod that was given a service account. */
export function isInCluster(env: Environment, directory = SERVICE_ACCOUNT): boolean {
  return Boolean(env['KUBERNETES_SERVICE_HOST']) && existsSync(join(directory, 'token'));
}

/** The cluster that this process runs in, as its pod's service account. Throws ConfigError with all that is missing. */
export function inClusterConfig(env: Environment, directory = SERVICE_ACCOUNT): ClusterConfig {
  const problems = new ConfigProblems('in-cluster configuration');
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host) problems.add('KUBERNETES_SERVICE_HOST', 'is not set');
  if (!port) problems.add('KUBERNETES_SERVICE_PORT', 'is not set');
  const token = join(directory, 'token');
  const ca = join(directory, 'ca.crt');
  for (const file of [token, ca]) if (!existsSync(file)) problems.add(file, 'does not exist');
  problems.throwIfAny();
  const address = host!.includes(':') ? `[${host}]` : host;
  return {
    name: 'in-cluster',
    server: `https://${address}:${port}`,
    namespace: namespaceIn(directory),
    ca: { file: ca },
    tlsServerName: undefined,
    insecureSkipTlsVerify: false,
    proxyUrl: undefined,
    auth: { kind: 'token-file', file: token },
    clientCertificate: undefined,
    impersonate: undefined,
  };
}

function namespaceIn(directory: string): string {
  const file = join(directory, 'namespace');
  return (existsSync(file) && readFileSync(file, 'utf8').trim()) || 'default';
}
