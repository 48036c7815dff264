import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

/** What a test needs of one context: read here once more, so that the proof does not stand on the client that it proves. */
export interface ClusterLogin {
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

interface Named<K extends string> {
  readonly name: string;
  readonly [key: string]: unknown;
  readonly kind?: K;
}

interface KubeconfigFile {
  readonly 'current-context': string;
  readonly clusters: readonly (Named<'cluster'> & { cluster: Record<string, string> })[];
  readonly users: readonly (Named<'user'> & { user: Record<string, string> })[];
  readonly contexts: readonly (Named<'context'> & { context: { cluster: string; user: string } })[];
}

/** The named context, or the current one, of a kubeconfig with inline data or files. */
export function readKubeconfig(file: string, contextName?: string): ClusterLogin {
  const config = load(readFileSync(file, 'utf8')) as KubeconfigFile;
  const context = named(config.contexts, contextName ?? config['current-context']).context;
  const cluster = named(config.clusters, context.cluster).cluster;
  const user = named(config.users, context.user).user;
  const login: Record<string, string> = { server: (cluster['server'] ?? '').replace(/\/$/, '') };
  setPem(login, 'ca', cluster, 'certificate-authority');
  setPem(login, 'cert', user, 'client-certificate');
  setPem(login, 'key', user, 'client-key');
  if (user['token'] !== undefined) login['token'] = user['token'];
  return login as unknown as ClusterLogin;
}

function named<T extends { name: string }>(list: readonly T[], name: string): T {
  const entry = list.find((item) => item.name === name);
  if (entry === undefined) throw new Error(`the kubeconfig has no entry "${name}"`);
  return entry;
}

function setPem(login: Record<string, string>, to: string, from: Record<string, string>, key: string): void {
  const inline = from[`${key}-data`];
  const file = from[key];
  if (inline !== undefined) login[to] = Buffer.from(inline, 'base64').toString('utf8');
  else if (file !== undefined) login[to] = readFileSync(file, 'utf8');
}
