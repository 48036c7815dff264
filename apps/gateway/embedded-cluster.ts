import { writeFile } from 'node:fs/promises';
import type { Person } from '@krateyard/auth/people';
import type { Principal } from '@krateyard/auth/principal';
import type { ClusterConfig } from '@krateyard/kube/client/cluster-config';
import { PEOPLE, type Person as SandboxPerson } from '@krateyard/sandbox/people';
import { createSandbox, type Sandbox } from '@krateyard/sandbox/sandbox';
import type { ServedCluster } from './app.ts';
import { ConfigProblem } from './config.ts';
import type { Config } from './config-schema.ts';
import type { ClusterSurroundings } from './cluster-surroundings.ts';

const ABOUT: Readonly<Record<SandboxPerson, string>> = {
  admin: 'May do everything.',
  alice: 'Edits in team-a.',
  bob: 'Views in team-b.',
  carol: 'May see nothing.',
};

/** Starts the embedded cluster: an API server on a port of its own, which the gateway reaches like any other. */
export async function embedCluster(
  config: Config,
  { clock, logger }: ClusterSurroundings,
): Promise<{ cluster: ServedCluster; close: () => Promise<void> }> {
  const sandbox = await createSandbox({
    scene: config.scene,
    port: config.sandboxPort,
    clock,
    logger: logger.with({ part: 'sandbox' }),
  });
  if (config.writeKubeconfig !== undefined) {
    await writeKubeconfig(config.writeKubeconfig, sandbox).catch(async (error: unknown) => {
      await sandbox.stop();
      throw error;
    });
  }
  return { cluster: servedSandbox(sandbox), close: () => sandbox.stop() };
}

async function writeKubeconfig(file: string, sandbox: Sandbox): Promise<void> {
  try {
    await writeFile(file, sandbox.kubeconfig(), { mode: 0o600 });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new ConfigProblem([`--write-kubeconfig cannot write ${file} (${reason})`]);
  }
}

/** A running sandbox as a gateway serves it: its people sign in by name, the printed URL makes an admin. */
export function servedSandbox(sandbox: Sandbox): ServedCluster {
  return {
    config: gatewayConfig(sandbox),
    embedded: true,
    people: PEOPLE.map((name) => personOf(sandbox, name)),
    host: { kind: 'person', name: 'admin' },
  };
}

/** The gateway's service account: it may read and impersonate, as on a real cluster. */
function gatewayConfig(sandbox: Sandbox): ClusterConfig {
  return {
    name: 'sandbox',
    server: sandbox.url,
    namespace: 'default',
    ca: { pem: sandbox.caPem },
    tlsServerName: undefined,
    insecureSkipTlsVerify: false,
    proxyUrl: undefined,
    auth: { kind: 'token', token: sandbox.gatewayToken },
    clientCertificate: undefined,
    impersonate: undefined,
  };
}

function personOf(sandbox: Sandbox, name: SandboxPerson): Person {
  return { name, about: ABOUT[name], principal: () => principalOf(sandbox, name) };
}

/** Whose token was revoked is nobody any more. */
function principalOf({ people }: Sandbox, name: SandboxPerson): Principal | undefined {
  const token = people.tokenOf(name);
  const user = token === undefined ? undefined : people.userOf(token);
  if (!user) return undefined;
  return {
    id: `kubernetes:${user.username}`,
    username: user.username,
    groups: user.groups,
    ...(user.uid ? { uid: user.uid } : {}),
    ...(user.extra ? { extra: user.extra } : {}),
    via: 'impersonate',
  };
}
