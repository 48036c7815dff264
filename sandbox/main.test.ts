import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { QEMU } from './kubevirt/guest/qemu/qemu-yard.ts';
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

const hasQemu = (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(`${folder}/${QEMU}`));

test(
  '[SV27] a sandbox that is killed takes its QEMU along, and their folders',
  {
    skip: hasQemu && existsSync('/proc/self/cmdline') ? false : `${QEMU} or /proc is not there`,
    timeout: 120_000,
  },
  async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-killed-'));
    const child = spawn(process.execPath, [MAIN, '--guest', 'qemu', '--scene', 'demo'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: 'ignore',
    });
    t.after(() => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    while (disksIn(folder).length === 0) await moment();
    const disks = disksIn(folder);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    while (disksIn(folder).length > 0 || disks.some((disk) => existsSync(path.dirname(disk)))) await moment();
  },
);

/** Of the processes of QEMU that have theirs in there. */
function disksIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(pid))
    .filter(([program]) => program?.endsWith(QEMU))
    .flatMap((words) => words.map((word) => /^file=(.*\/disk),/.exec(word)?.[1] ?? ''))
    .filter((disk) => disk.startsWith(folder));
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
