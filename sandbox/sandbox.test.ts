import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { ask, type Wire } from './test-request.ts';

const MAPS = '/api/v1/namespaces/team-a/configmaps';

async function withSandbox(
  options: Parameters<typeof createSandbox>[0],
  use: (sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await createSandbox(options);
  try {
    await use(sandbox);
  } finally {
    await sandbox.stop();
  }
}

/** Resolves when the watch has broken off. */
function brokenWatch(sandbox: Sandbox): { open: Promise<void>; broken: Promise<void> } {
  const open = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<void>();
  const authorization = `Bearer ${sandbox.people.tokenOf('admin')}`;
  const request = get(
    `${sandbox.url}${MAPS}?watch=1`,
    { ca: sandbox.caPem, agent: false, headers: { authorization } },
    (response) => {
      open.resolve();
      response.on('error', () => broken.resolve());
      response.on('close', () => broken.resolve());
      response.resume();
    },
  );
  request.on('error', () => broken.resolve());
  return { open: open.promise, broken: broken.promise };
}

test('[SB60] a restart breaks connections and keeps address, objects and history', () =>
  withSandbox({}, async (sandbox) => {
    const { url } = sandbox;
    const made = (await ask(sandbox, 'admin', MAPS, { body: { metadata: { name: 'kept' } } })).body;
    const watch = brokenWatch(sandbox);
    await watch.open;
    await sandbox.restartApiServer();
    await watch.broken;
    assert.equal(sandbox.url, url);
    assert.equal((await ask(sandbox, 'alice', `${MAPS}/kept`)).body.metadata.uid, made.metadata.uid);
    const from = Number(made.metadata.resourceVersion) - 1;
    const events = await ask(sandbox, 'admin', `${MAPS}?watch=1&resourceVersion=${from}&timeoutSeconds=1`);
    assert.equal((JSON.parse(events.text.split('\n')[0]!) as Wire).type, 'ADDED');
    await sandbox.restartApiServer({ loseHistory: true });
    const lost = await ask(sandbox, 'admin', `${MAPS}?watch=1&resourceVersion=${from}&timeoutSeconds=1`);
    assert.equal((JSON.parse(lost.text) as Wire).object.code, 410);
  }));

test('[SB64] parts of the API server can be left out: not told of, and 404', () =>
  withSandbox({ without: ['metrics', 'custom-resources', 'aggregated-discovery'] }, async (sandbox) => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const { body } = await ask(sandbox, 'admin', '/apis', { headers: { accept } });
    assert.equal(body.kind, 'APIGroupList');
    const names = body.groups.map(({ name }: Wire) => name) as string[];
    assert.ok(names.includes('apps'));
    for (const group of ['metrics.k8s.io', 'apiextensions.k8s.io']) assert.ok(!names.includes(group), group);
    for (const path of ['/apis/metrics.k8s.io/v1beta1/pods', '/apis/apiextensions.k8s.io/v1']) {
      const reply = await ask(sandbox, 'admin', path);
      assert.equal(reply.status, 404, path);
      assert.match(reply.text, /^404 page not found/);
    }
  }));

test('[SB61] the kubeconfig has four contexts, and each person their rights', () =>
  withSandbox({}, async (sandbox) => {
    const config = JSON.parse(sandbox.kubeconfig()) as Wire;
    assert.equal(config['current-context'], 'admin');
    assert.deepEqual(
      config.contexts.map(({ name }: Wire) => name),
      ['admin', 'alice', 'bob', 'carol'],
    );
    assert.equal(
      Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString(),
      sandbox.caPem,
    );
    const codes = async (person: 'alice' | 'bob' | 'carol', namespace: string): Promise<number[]> => [
      (await ask(sandbox, person, `/api/v1/namespaces/${namespace}/pods`)).status,
      (
        await ask(sandbox, person, `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`, {
          body: { metadata: { name: 'x' } },
        })
      ).status,
    ];
    assert.deepEqual(await codes('alice', 'team-a'), [200, 201]);
    assert.deepEqual(await codes('alice', 'team-b'), [403, 403]);
    assert.deepEqual(await codes('bob', 'team-b'), [200, 403]);
    assert.deepEqual(await codes('carol', 'team-a'), [403, 403]);
    assert.equal((await ask(sandbox, 'bob', '/api/v1/namespaces/team-b/secrets')).status, 403);
  }));

test('[SB26] TLS clients that trust the CA alone accept the certificate', () =>
  withSandbox({}, async (sandbox) => {
    const { port } = new URL(sandbox.url);
    for (const servername of ['localhost', 'kubernetes.default.svc']) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const socket = connect(
        { host: '127.0.0.1', port: Number(port), servername, ca: sandbox.caPem },
        resolve,
      );
      socket.on('error', reject);
      await promise;
      assert.equal(socket.authorized, true);
      socket.destroy();
    }
  }));

test('[SB62] stop leaves no timer and no socket', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1), seeded(5));
  const sandbox = await createSandbox({ clock, scene: 'demo' });
  const watch = brokenWatch(sandbox);
  await watch.open;
  await sandbox.stop();
  await watch.broken;
  assert.equal(clock.pending, 0);
  // The client's half of a connection goes a few turns after the server's.
  for (let turn = 0; turn < 1000 && leftovers().length > 0; turn += 1) await new Promise(setImmediate);
  assert.deepEqual(leftovers(), []);
});

const leftovers = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /TLS|TCP|Timeout/.test(name));

test('[SB23] the same clock and randomness give the same names and uids', async () => {
  const uids = async (): Promise<unknown> => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1), seeded(3));
    const sandbox = await createSandbox({ clock });
    const made = (await ask(sandbox, 'admin', MAPS, { body: { metadata: { generateName: 'g-' } } })).body;
    await sandbox.stop();
    return [made.metadata.name, made.metadata.uid, made.metadata.creationTimestamp];
  };
  assert.deepEqual(await uids(), await uids());
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

const MAIN = path.join(import.meta.dirname, 'main.ts');

function run(...args: string[]): { output: Promise<string>; code: Promise<number | null>; kill: () => void } {
  const child = spawn(process.execPath, [MAIN, ...args]);
  const first = Promise.withResolvers<string>();
  let text = '';
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) first.resolve(text);
    });
  void code.then(() => first.resolve(text));
  return { output: first.promise, code, kill: () => child.kill('SIGTERM') };
}

for (const [args, why] of [
  [['--scene', 'mars'], /--scene must be none, demo or pods=N, not "mars"/],
  [['--port', '70000'], /--port must be 0 to 65535, not "70000"/],
  [['--colour'], /Unknown option '--colour'/],
] as const) {
  test(`[SB63] ${args.join(' ')} is refused in a line`, async () => {
    const { output, code } = run(...args);
    assert.match(await output, why);
    assert.equal(await code, 2);
  });
}

test('[SB63] a taken port is told, a free one printed, the kubeconfig is for its owner alone, SIGTERM ends it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'krateyard-sandbox-'));
  const file = path.join(folder, 'kubeconfig');
  const first = run('--scene', 'none', '--write-kubeconfig', file);
  const line = await first.output;
  const url = /https:\/\/127\.0\.0\.1:(\d+)/.exec(line)!;
  assert.equal((JSON.parse(await readFile(file, 'utf8')) as Wire).clusters[0].cluster.server, url[0]);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const second = run('--scene', 'none', '--port', url[1]!);
  assert.match(await second.output, /EADDRINUSE|in use/);
  assert.equal(await second.code, 2);
  first.kill();
  assert.equal(await first.code, 0);
  await rm(folder, { recursive: true });
});
