import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { ClusterConfig, ExecPlugin, PemSource } from './cluster-config.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { jsonOrUndefined } from './json-or-undefined.ts';

/** Plugins may open a browser or ask a slow identity provider, but requests wait for them. */
const PLUGIN_DEADLINE_MS = 60_000;
const PLUGIN_OUTPUT_BYTES = 1 << 20;
/** A credential counts as expired this long before it is, so that a request on its way does not fail. */
const EXPIRY_MARGIN_MS = 10_000;

interface ExecCredentialStatus {
  readonly token?: unknown;
  readonly clientCertificateData?: unknown;
  readonly clientKeyData?: unknown;
  readonly expirationTimestamp?: unknown;
}

/** Runs the plugin when there is no credential or it expires; everybody who asks meanwhile gets the same answer. */
export function execCredentialSource(
  plugin: ExecPlugin,
  config: ClusterConfig,
  needs: { readonly clock: Clock; readonly logger: Logger },
): CredentialSource {
  let known: { readonly credential: Credential; readonly expiresAt: number } | undefined;
  let running: Promise<Credential> | undefined;
  const ask = async (): Promise<Credential> => {
    const info = await execInfo(plugin, config);
    const status = readStatus(plugin, await runPlugin(plugin, info, needs.clock));
    known = { credential: toCredential(plugin, status), expiresAt: expiryOf(status) - EXPIRY_MARGIN_MS };
    needs.logger.debug('credential plugin answered', { name: plugin.command });
    return known.credential;
  };
  return {
    current: () => {
      if (known && needs.clock.now() < known.expiresAt) return Promise.resolve(known.credential);
      running ??= ask().finally(() => {
        running = undefined;
      });
      return running;
    },
    renew: () => {
      known = undefined;
      return true;
    },
  };
}

/** The `KUBERNETES_EXEC_INFO` of the protocol. */
async function execInfo(plugin: ExecPlugin, config: ClusterConfig): Promise<string> {
  const ca = plugin.provideClusterInfo && config.ca ? await pemText(config.ca) : undefined;
  const cluster = {
    server: config.server,
    ...(config.tlsServerName !== undefined && { 'tls-server-name': config.tlsServerName }),
    ...(config.insecureSkipTlsVerify && { 'insecure-skip-tls-verify': true }),
    ...(ca !== undefined && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(config.proxyUrl !== undefined && { 'proxy-url': config.proxyUrl }),
  };
  return JSON.stringify({
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo && { cluster }) },
  });
}

function runPlugin(plugin: ExecPlugin, info: string, clock: Clock): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(plugin.command, plugin.args, {
    env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: info },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const fail = (why: string): void => {
    child.kill('SIGKILL');
    reject(pluginError(plugin, why));
  };
  const cancel = clock.after(PLUGIN_DEADLINE_MS, () => fail('did not answer in time'));
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > PLUGIN_OUTPUT_BYTES) fail('answered far too much');
    else chunks.push(chunk);
  });
  child.on('error', (error: NodeJS.ErrnoException) => {
    cancel();
    fail(error.code === 'ENOENT' ? 'is not installed' : `cannot be started (${error.code})`);
  });
  child.on('close', (code, signal) => {
    cancel();
    if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
    else fail(code === null ? `was ended by ${signal}` : `failed with exit code ${code}`);
  });
  return promise;
}

function readStatus(plugin: ExecPlugin, output: string): ExecCredentialStatus {
  const answer = jsonOrUndefined(output) as
    | { apiVersion?: unknown; kind?: unknown; status?: ExecCredentialStatus }
    | undefined;
  if (answer?.kind !== 'ExecCredential' || typeof answer.status !== 'object' || answer.status === null) {
    throw pluginError(plugin, 'did not answer with an ExecCredential');
  }
  if (answer.apiVersion !== plugin.apiVersion) {
    throw pluginError(plugin, `answered in another version than ${plugin.apiVersion}`);
  }
  return answer.status;
}

function toCredential(plugin: ExecPlugin, status: ExecCredentialStatus): Credential {
  const { token, clientCertificateData, clientKeyData } = status;
  const certificate =
    typeof clientCertificateData === 'string' && typeof clientKeyData === 'string'
      ? { certificate: clientCertificateData, key: clientKeyData }
      : undefined;
  if ((typeof token !== 'string' || token === '') && !certificate) {
    throw pluginError(plugin, 'answered with neither a token nor a certificate and its key');
  }
  return {
    authorization: typeof token === 'string' && token !== '' ? `Bearer ${token}` : undefined,
    ...(certificate && { clientCertificate: certificate }),
  };
}

/** Without a time the credential is good until a 401. */
function expiryOf(status: ExecCredentialStatus): number {
  const at =
    typeof status.expirationTimestamp === 'string' ? Date.parse(status.expirationTimestamp) : Number.NaN;
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
}

function pluginError(plugin: ExecPlugin, why: string): StatusError {
  const hint = plugin.installHint === undefined ? '' : ` ${plugin.installHint.trim()}`;
  return new StatusError('Unauthorized', `The credential plugin "${plugin.command}" ${why}.${hint}`);
}

function pemText(source: PemSource): Promise<string> {
  return 'pem' in source ? Promise.resolve(source.pem) : readFile(source.file, 'utf8');
}
