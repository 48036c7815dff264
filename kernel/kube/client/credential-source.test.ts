import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { silentLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { ClusterConfig, ExecPlugin } from './cluster-config.ts';
import { createCredentialSource } from './credential-source.ts';
import { parseKubeconfig } from './kubeconfig.ts';

async function folder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'krateyard-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

function configWith(auth: ClusterConfig['auth']): ClusterConfig {
  const text =
    '{"current-context":"c","clusters":[{"name":"c","cluster":{"server":"https://c.test"}}],"contexts":[{"name":"c","context":{"cluster":"c"}}]}';
  return { ...parseKubeconfig([{ at: 'f', directory: '/', text }]).cluster(), auth };
}

test('[KC4] a token file is read again after a minute and on renewal, and survives being away', async (t) => {
  const file = join(await folder(t), 'token');
  const clock = new ManualClock();
  const source = createCredentialSource(configWith({ kind: 'token-file', file }), {
    clock,
    logger: silentLogger,
  });
  const told = async (): Promise<string | undefined> => (await source.current()).authorization;
  await assert.rejects(told(), /cannot be read or is empty/);
  await writeFile(file, 'one\n');
  assert.equal(await told(), 'Bearer one');
  await writeFile(file, 'two');
  assert.equal(await told(), 'Bearer one');
  await clock.advance(60_000);
  assert.equal(await told(), 'Bearer two');
  await writeFile(file, 'three');
  assert.equal(source.renew(), true);
  assert.equal(await told(), 'Bearer three');
  await rm(file);
  await clock.advance(60_000);
  assert.equal(await told(), 'Bearer three');
});

/** A plugin that counts its runs in a file and answers with `status`, an expression over `runs` and `info`. */
async function plugin(
  t: TestContext,
  status: string,
  more: Partial<ExecPlugin> = {},
): Promise<{ plugin: ExecPlugin; runs: () => Promise<number> }> {
  const directory = await folder(t);
  const [script, count] = [join(directory, 'plugin.mjs'), join(directory, 'runs')];
  await writeFile(
    script,
    `import { appendFileSync, readFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(count)}, '.');
     const runs = readFileSync(${JSON.stringify(count)}, 'utf8').length;
     const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     const status = ${status};
     console.log(JSON.stringify({ apiVersion: info.apiVersion, kind: 'ExecCredential', status }));`,
  );
  return {
    plugin: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [script],
      env: { WHO: 'env' },
      provideClusterInfo: true,
      installHint: undefined,
      ...more,
    },
    runs: async () => (await readFile(count, 'utf8').catch(() => '')).length,
  };
}

test('[KC5] a plugin runs once for all who wait, again on expiry and on renewal', async (t) => {
  const start = Date.UTC(2026, 0, 1);
  const expiry = `new Date(${start} + runs * 3600_000).toISOString()`;
  const made = await plugin(
    t,
    `{ token: [runs, process.env.WHO, info.spec.cluster.server].join(' '), expirationTimestamp: ${expiry} }`,
  );
  const clock = new ManualClock(start);
  const source = createCredentialSource(configWith({ kind: 'exec', plugin: made.plugin }), {
    clock,
    logger: silentLogger,
  });
  const both = await Promise.all([source.current(), source.current()]);
  assert.deepEqual(
    both.map(({ authorization }) => authorization),
    Array(2).fill('Bearer 1 env https://c.test'),
  );
  await source.current();
  assert.equal(await made.runs(), 1);
  await clock.advance(3600_000 - 10_000);
  assert.equal((await source.current()).authorization, 'Bearer 2 env https://c.test');
  source.renew();
  await source.current();
  assert.equal(await made.runs(), 3);
});

test('[KC5] a plugin may give a certificate instead', async (t) => {
  const made = await plugin(t, `{ clientCertificateData: 'C', clientKeyData: 'K' }`);
  const source = createCredentialSource(configWith({ kind: 'exec', plugin: made.plugin }), {
    clock: new ManualClock(),
    logger: silentLogger,
  });
  assert.deepEqual(await source.current(), {
    authorization: undefined,
    clientCertificate: { certificate: 'C', key: 'K' },
  });
});

test('[KC5] failures name the plugin, why, and the hint, and nothing that it wrote', async (t) => {
  const failure = async (made: ExecPlugin): Promise<string> => {
    const source = createCredentialSource(configWith({ kind: 'exec', plugin: made }), {
      clock: new ManualClock(),
      logger: silentLogger,
    });
    return source.current().then(
      () => '',
      (error: Error) => error.message,
    );
  };
  const { plugin: none } = await plugin(t, '{}', {
    command: 'krateyard-no-such-plugin',
    installHint: 'Install it with care.',
  });
  assert.equal(
    await failure(none),
    'The credential plugin "krateyard-no-such-plugin" is not installed. Install it with care.',
  );
  const { plugin: fails } = await plugin(
    t,
    `(console.log('secret'), console.error('secret'), process.exit(3))`,
  );
  assert.match(await failure(fails), /failed with exit code 3\.$/);
  const { plugin: empty } = await plugin(t, '{}');
  assert.match(await failure(empty), /neither a token nor a certificate/);
  const { plugin: garbage } = await plugin(t, `(process.stdout.write('secret'), {})`);
  assert.match(await failure(garbage), /did not answer with an ExecCredential\.$/);
});
