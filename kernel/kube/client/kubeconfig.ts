import { readFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, resolve } from 'node:path';
import { load as parseYaml } from 'js-yaml';
import type {
  AuthMethod,
  ClientCertificate,
  ClusterConfig,
  ExecPlugin,
  PemSource,
} from './cluster-config.ts';
import type { Impersonation } from './client.ts';
import { ConfigProblems, asArray, asBoolean, asRecord, asText } from './config-problems.ts';

type Named = ReadonlyMap<
  string,
  { readonly at: string; readonly directory: string; readonly value: Record<string, unknown> }
>;

/** What a kubeconfig, or several merged, says: contexts by name. A context is only examined when it is asked for. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: readonly string[];
  /** The context's cluster and identity; the current context's without a name. Throws ConfigError with every problem of it. */
  cluster(context?: string): ClusterConfig;
}

export type KubeconfigSource =
  | { readonly files: readonly string[] }
  /** Relative paths inside resolve against `directory`, the working directory by default. */
  | { readonly text: string; readonly directory?: string };

/** Reads files (a missing one of several is skipped, as kubectl does) or a text. Throws ConfigError. */
export async function readKubeconfig(source: KubeconfigSource): Promise<Kubeconfig> {
  if ('text' in source) {
    return parseKubeconfig([{ at: 'kubeconfig', directory: source.directory ?? '.', text: source.text }]);
  }
  const problems = new ConfigProblems('kubeconfig');
  const documents: KubeconfigDocument[] = [];
  for (const file of source.files) {
    try {
      documents.push({ at: file, directory: dirname(resolve(file)), text: await readFile(file, 'utf8') });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT' || source.files.length === 1) problems.add(file, `cannot be read (${code})`);
    }
  }
  if (documents.length === 0 && problems.isEmpty)
    problems.add(source.files.join(', '), 'none of these files exists');
  problems.throwIfAny();
  return parseKubeconfig(documents);
}

/** One context of a kubeconfig: the usual way in. */
export async function loadKubeconfig(
  source: KubeconfigSource,
  options: { readonly context?: string | undefined } = {},
): Promise<ClusterConfig> {
  return (await readKubeconfig(source)).cluster(options.context);
}

/** The files of a `KUBECONFIG` variable. */
export function kubeconfigPaths(variable: string): string[] {
  return variable.split(delimiter).filter((path) => path !== '');
}

export interface KubeconfigDocument {
  /** How problems name it. */
  readonly at: string;
  readonly directory: string;
  readonly text: string;
}

/** Merges documents as kubectl does: the first to name a cluster, user, context or the current context wins. */
export function parseKubeconfig(documents: readonly KubeconfigDocument[]): Kubeconfig {
  const problems = new ConfigProblems('kubeconfig');
  const roots = documents.map((document) => ({ ...document, root: parseRoot(document, problems) }));
  const named = (list: string, field: string): Named => {
    const found = new Map<string, { at: string; directory: string; value: Record<string, unknown> }>();
    for (const { at, directory, root } of roots)
      collectNamed({ at, directory, root, list, field, found, problems });
    return found;
  };
  const parts = {
    clusters: named('clusters', 'cluster'),
    users: named('users', 'user'),
    contexts: named('contexts', 'context'),
  };
  problems.throwIfAny();
  const current = roots
    .map(({ root }) => root['current-context'])
    .find((name) => typeof name === 'string' && name !== '');
  const currentContext = current as string | undefined;
  return {
    currentContext,
    contexts: [...parts.contexts.keys()],
    cluster: (context) => clusterOf(parts, context ?? currentContext),
  };
}

function parseRoot(document: KubeconfigDocument, problems: ConfigProblems): Record<string, unknown> {
  try {
    return asRecord(parseYaml(document.text) ?? {}, document.at, problems);
  } catch (error) {
    const line = (error as { mark?: { line?: number } }).mark?.line;
    problems.add(document.at, `is no YAML${line === undefined ? '' : ` (line ${line + 1})`}`);
    return {};
  }
}

function collectNamed(from: {
  at: string;
  directory: string;
  root: Record<string, unknown>;
  list: string;
  field: string;
  found: Map<string, { at: string; directory: string; value: Record<string, unknown> }>;
  problems: ConfigProblems;
}): void {
  const { at, directory, root, list, field, found, problems } = from;
  for (const [index, entry] of asArray(root[list], `${at}: ${list}`, problems).entries()) {
    const where = `${at}: ${list}[${index}]`;
    const record = asRecord(entry, where, problems);
    const name = asText(record['name'], `${where}.name`, problems);
    if (name === undefined) problems.add(`${where}.name`, 'is missing');
    else if (!found.has(name)) {
      const value = asRecord(record[field] ?? {}, `${where}.${field}`, problems);
      found.set(name, { at: `${field} "${name}"`, directory, value });
    }
  }
}

function clusterOf(
  parts: { clusters: Named; users: Named; contexts: Named },
  contextName: string | undefined,
): ClusterConfig {
  const problems = new ConfigProblems('kubeconfig');
  if (contextName === undefined) problems.add('current-context', 'is not set, and no context was chosen');
  const context = contextName === undefined ? undefined : parts.contexts.get(contextName);
  if (contextName !== undefined && !context) {
    problems.add(
      `context "${contextName}"`,
      `does not exist; there are: ${[...parts.contexts.keys()].join(', ') || 'none'}`,
    );
  }
  if (!context || contextName === undefined) throw problems.error();
  const text = (field: string): string | undefined =>
    asText(context.value[field], `${context.at}.${field}`, problems);
  const clusterName = text('cluster');
  const userName = text('user');
  const cluster = clusterName === undefined ? undefined : parts.clusters.get(clusterName);
  const user = userName === undefined ? undefined : parts.users.get(userName);
  if (!cluster)
    problems.add(
      `${context.at}.cluster`,
      clusterName === undefined ? 'is missing' : `names "${clusterName}", which does not exist`,
    );
  if (userName !== undefined && !user)
    problems.add(`${context.at}.user`, `names "${userName}", which does not exist`);
  const config = {
    name: contextName,
    namespace: text('namespace') ?? 'default',
    ...readCluster(cluster ?? { at: '', directory: '.', value: { server: 'https://none' } }, problems),
    ...readUser(user ?? { at: '', directory: '.', value: {} }, problems),
  };
  problems.throwIfAny();
  return config;
}

interface Part {
  readonly at: string;
  readonly directory: string;
  readonly value: Record<string, unknown>;
}

function readCluster(
  part: Part,
  problems: ConfigProblems,
): Pick<ClusterConfig, 'server' | 'ca' | 'tlsServerName' | 'insecureSkipTlsVerify' | 'proxyUrl'> {
  const text = (field: string): string | undefined =>
    asText(part.value[field], `${part.at}.${field}`, problems);
  const insecure = asBoolean(
    part.value['insecure-skip-tls-verify'],
    `${part.at}.insecure-skip-tls-verify`,
    problems,
  );
  const ca = pemSource(part, 'certificate-authority', problems);
  if (insecure && ca) problems.add(part.at, 'has both certificate-authority and insecure-skip-tls-verify');
  return {
    server: url(text('server'), `${part.at}.server`, ['http:', 'https:'], problems) ?? '',
    ca,
    tlsServerName: text('tls-server-name'),
    insecureSkipTlsVerify: insecure,
    proxyUrl:
      part.value['proxy-url'] === undefined
        ? undefined
        : url(text('proxy-url'), `${part.at}.proxy-url`, ['http:', 'https:', 'socks5:'], problems),
  };
}

function url(
  value: string | undefined,
  at: string,
  protocols: readonly string[],
  problems: ConfigProblems,
): string | undefined {
  if (value === undefined) {
    problems.add(at, 'is missing');
    return undefined;
  }
  const parsed = URL.parse(value.includes('://') ? value : `https://${value}`);
  if (!parsed || !protocols.includes(parsed.protocol)) {
    problems.add(
      at,
      `is no URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
    return undefined;
  }
  return parsed.href.replace(/\/+$/, '');
}

function readUser(
  part: Part,
  problems: ConfigProblems,
): Pick<ClusterConfig, 'auth' | 'clientCertificate' | 'impersonate'> {
  return {
    auth: readAuth(part, problems),
    clientCertificate: readClientCertificate(part, problems),
    impersonate: readImpersonation(part, problems),
  };
}

/** Precedence as in client-go: a token, then a token file (which wins when both are set), then basic, then exec. */
function readAuth(part: Part, problems: ConfigProblems): AuthMethod {
  const text = (field: string): string | undefined =>
    asText(part.value[field], `${part.at}.${field}`, problems);
  const tokenFile = text('tokenFile');
  if (tokenFile) return { kind: 'token-file', file: resolve(part.directory, tokenFile) };
  const token = text('token');
  if (token) return { kind: 'token', token };
  const username = text('username');
  if (username) return { kind: 'basic', username, password: text('password') ?? '' };
  if (part.value['auth-provider'] !== undefined) {
    problems.add(`${part.at}.auth-provider`, 'is no longer supported by Kubernetes; use an exec plugin');
  }
  if (part.value['exec'] === undefined) return { kind: 'none' };
  return { kind: 'exec', plugin: readExecPlugin(part, problems) };
}

const EXEC_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

function readExecPlugin(part: Part, problems: ConfigProblems): ExecPlugin {
  const at = `${part.at}.exec`;
  const exec = asRecord(part.value['exec'], at, problems);
  const apiVersion = asText(exec['apiVersion'], `${at}.apiVersion`, problems) ?? '';
  if (!EXEC_VERSIONS.includes(apiVersion))
    problems.add(`${at}.apiVersion`, `must be ${EXEC_VERSIONS.join(' or ')}`);
  const command = asText(exec['command'], `${at}.command`, problems) ?? '';
  if (command === '') problems.add(`${at}.command`, 'is missing');
  if (exec['interactiveMode'] === 'Always')
    problems.add(`${at}.interactiveMode`, 'is Always, but there is no terminal here');
  const env = asArray(exec['env'], `${at}.env`, problems).map((entry, index) => {
    const where = `${at}.env[${index}]`;
    const variable = asRecord(entry, where, problems);
    return [
      asText(variable['name'], `${where}.name`, problems) ?? '',
      asText(variable['value'], `${where}.value`, problems) ?? '',
    ] as const;
  });
  return {
    apiVersion,
    command: command.includes('/') && !isAbsolute(command) ? resolve(part.directory, command) : command,
    args: asArray(exec['args'], `${at}.args`, problems).map(String),
    env: Object.fromEntries(env),
    provideClusterInfo: asBoolean(exec['provideClusterInfo'], `${at}.provideClusterInfo`, problems),
    installHint: asText(exec['installHint'], `${at}.installHint`, problems),
  };
}

function readClientCertificate(part: Part, problems: ConfigProblems): ClientCertificate | undefined {
  const certificate = pemSource(part, 'client-certificate', problems);
  const key = pemSource(part, 'client-key', problems);
  if (!certificate && !key) return undefined;
  if (!certificate) problems.add(`${part.at}.client-certificate`, 'is missing, but there is a client-key');
  if (!key) problems.add(`${part.at}.client-key`, 'is missing, but there is a client-certificate');
  return certificate && key ? { certificate, key } : undefined;
}

function readImpersonation(part: Part, problems: ConfigProblems): Impersonation | undefined {
  const text = (field: string): string | undefined =>
    asText(part.value[field], `${part.at}.${field}`, problems);
  const username = text('as');
  const uid = text('as-uid');
  const groups = asArray(part.value['as-groups'], `${part.at}.as-groups`, problems).map(String);
  const extra = Object.entries(
    asRecord(part.value['as-user-extra'] ?? {}, `${part.at}.as-user-extra`, problems),
  ).map(
    ([key, values]) =>
      [key, asArray(values, `${part.at}.as-user-extra.${key}`, problems).map(String)] as const,
  );
  if (username) return { username, uid, groups, extra: Object.fromEntries(extra) };
  if (uid !== undefined || groups.length > 0 || extra.length > 0) {
    problems.add(`${part.at}.as`, 'is missing, but uid, groups or extra are to be impersonated');
  }
  return undefined;
}

/** `FIELD-data` (base64 of PEM) wins over `FIELD` (a path), as in client-go. */
function pemSource(part: Part, field: string, problems: ConfigProblems): PemSource | undefined {
  const data = asText(part.value[`${field}-data`], `${part.at}.${field}-data`, problems);
  if (data) {
    const pem = Buffer.from(data, 'base64').toString('utf8');
    if (!pem.includes('-----BEGIN ')) problems.add(`${part.at}.${field}-data`, 'is no base64 of PEM');
    return { pem };
  }
  const file = asText(part.value[field], `${part.at}.${field}`, problems);
  return file ? { file: resolve(part.directory, file) } : undefined;
}
