import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { createSandbox } from '@krateyard/sandbox/sandbox';
import { ManualClock } from '@krateyard/telemetry/manual-clock';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const deadline = { timeout: 60_000 };

function scratch(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'krateyard-main-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

function run(t: TestContext, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string; errors: string }> {
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
}

/** The one line that a started gateway prints. */
async function printedUrl(child: ChildProcess): Promise<URL> {
  assert.ok(child.stdout);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  return new URL(line);
}

test('wrong settings are told at once, with exit code 2', deadline, async (t) => {
  const { code, output, errors } = await ended(run(t, ['--port', 'x', '--nonsense']));
  assert.equal(code, 2);
  assert.equal(output, '');
  assert.match(errors, /--port \/ PORT/);
  assert.match(errors, /--nonsense is not known/);
});

test(
  'what a setting takes is told in words, and where a kubeconfig cannot be written',
  deadline,
  async (t) => {
    const scene = await ended(run(t, ['--scene', 'nonsense']));
    assert.equal(scene.code, 2);
    assert.match(scene.errors, /--scene \/ KRATEYARD_SCENE is not understood\. .*none, demo or pods=N/);
    const file = join(scratch(t), 'missing', 'kubeconfig');
    const settings = ['--port', '0', '--scene', 'none', '--log-level', 'silent', '--state-dir', scratch(t)];
    const unwritable = await ended(run(t, [...settings, '--write-kubeconfig', file]));
    assert.equal(unwritable.code, 2);
    assert.match(unwritable.errors, /--write-kubeconfig cannot write .*\(ENOENT\)/);
  },
);

test('--help tells the settings', deadline, async (t) => {
  const { code, output } = await ended(run(t, ['--help']));
  assert.equal(code, 0);
  assert.match(output, /--kubeconfig, KUBECONFIG/);
});

test(
  'a kubeconfig that cannot be read and a port that is taken end the start, without a stack',
  deadline,
  async (t) => {
    const missing = await ended(run(t, ['--kubeconfig', '/nowhere/config']));
    assert.equal(missing.code, 1);
    assert.match(missing.errors, /cannot be read/);
    const sandbox = await createSandbox();
    t.after(() => sandbox.stop());
    const taken = await ended(
      run(t, [
        '--port',
        new URL(sandbox.url).port,
        '--scene',
        'none',
        '--log-level',
        'silent',
        '--state-dir',
        scratch(t),
      ]),
    );
    assert.equal(taken.code, 1);
    assert.match(taken.errors, /EADDRINUSE.*--port N/);
    assert.ok(!taken.errors.includes('    at '));
  },
);

test('[RT27] one line is printed; SIGTERM closes sockets with 4001 and ends with 0', deadline, async (t) => {
  const child = run(t, ['--port', '0', '--scene', 'none', '--log-level', 'warn', '--state-dir', scratch(t)]);
  const end = ended(child);
  const url = await printedUrl(child);
  const signedIn = await fetch(url, { redirect: 'manual' });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const ws = new WebSocket(`ws://${url.host}/ws/watch`, { headers: { cookie } });
  await once(ws, 'open');
  const closed = once(ws, 'close') as Promise<[number]>;
  child.kill('SIGTERM');
  assert.equal((await closed)[0], 4001);
  const { code, errors, output } = await end;
  assert.equal(code, 0, errors);
  assert.equal(output.trim().split('\n').length, 1);
});

test('[RT62] a cluster that is away at the start leaves the gateway up; it heals', deadline, async (t) => {
  const clock = new ManualClock();
  const sandbox = await createSandbox({ clock });
  t.after(() => sandbox.stop());
  const file = join(scratch(t), 'kubeconfig');
  writeFileSync(file, sandbox.kubeconfig());
  const restarted = sandbox.restartApiServer({ downMs: 1_000 });
  const child = run(t, ['--port', '0', '--log-level', 'silent', '--state-dir', scratch(t)], {
    KUBECONFIG: file,
  });
  const url = await printedUrl(child);
  const until = async (state: string): Promise<{ state: string; reason?: string }> => {
    for (;;) {
      const answer = await fetch(new URL('/api/health', url));
      const { parts } = (await answer.json()) as { parts: { cluster: { state: string; reason?: string } } };
      if (parts.cluster.state === state) return parts.cluster;
    }
  };
  assert.ok((await until('down')).reason);
  assert.equal((await fetch(new URL('/readyz', url))).status, 200);
  const early = await fetch(url, { redirect: 'manual' });
  assert.equal(early.status, 503);
  await clock.advance(1_000);
  await restarted;
  await until('ok');
  assert.equal((await fetch(url, { redirect: 'manual' })).status, 303, 'the ticket is still good');
  child.kill('SIGTERM');
  assert.equal((await once(child, 'close'))[0], 0);
});

test('the process has no API server in it when a kubeconfig is given', deadline, async (t) => {
  const sandbox = await createSandbox();
  t.after(() => sandbox.stop());
  const file = join(scratch(t), 'kubeconfig');
  writeFileSync(file, sandbox.kubeconfig());
  const child = run(t, [
    '--port',
    '0',
    '--log-level',
    'silent',
    '--state-dir',
    scratch(t),
    '--kubeconfig',
    file,
    '--context',
    'alice',
  ]);
  const url = await printedUrl(child);
  const signedIn = await fetch(url, { redirect: 'manual' });
  assert.equal(signedIn.status, 303);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const session = (await (await fetch(new URL('/api/session', url), { headers: { cookie } })).json()) as {
    user: { username: string; via: string };
    people: unknown[];
    cluster: { embedded: boolean };
  };
  assert.equal(session.user.username, 'alice');
  assert.equal(session.user.via, 'own');
  assert.deepEqual(session.people, []);
  assert.equal(session.cluster.embedded, false);
  child.kill('SIGTERM');
  assert.equal((await once(child, 'close'))[0], 0);
});
