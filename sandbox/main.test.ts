import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createSandbox } from './sandbox.ts';

const MAIN = path.join(import.meta.dirname, 'main.ts');

function run(args: readonly string[]): Promise<{ code: unknown; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { timeout: 60_000 }, (error, _output, errors) =>
      resolve({ code: error?.code ?? 0, errors }),
    );
  });
}

test('what the sandbox cannot do ends it and says why', { timeout: 120_000 }, async () => {
  const scene = await run(['--scene', 'nonsense']);
  assert.equal(scene.code, 2);
  assert.match(scene.errors, /--scene must be none, demo or pods=N/);
  const part = await run(['--scene', 'none', '--without', 'metrics,wheels']);
  assert.equal(part.code, 2);
  assert.match(part.errors, /--without takes metrics, custom-resources, aggregated-discovery/);
  const guest = await run(['--guest', 'robot']);
  assert.equal(guest.code, 2);
  assert.match(guest.errors, /--guest must be simulated or qemu, not "robot"/);
  const file = path.join(tmpdir(), 'krateyard-missing', 'kubeconfig');
  const unwritable = await run(['--scene', 'none', '--write-kubeconfig', file]);
  assert.equal(unwritable.code, 2);
  assert.match(unwritable.errors, /--write-kubeconfig cannot write .*\(ENOENT\)/);
});

test('[SV27] QEMU that was asked for and is not there is told', async (t) => {
  const { PATH } = process.env;
  t.after(() => (process.env['PATH'] = PATH));
  process.env['PATH'] = tmpdir();
  await assert.rejects(createSandbox({ guest: 'qemu' }), /needs qemu-system-x86_64, which is not on PATH/);
});
