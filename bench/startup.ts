import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildAll } from '@krateyard/tools/build';
import { MB, median } from './streams/figures.ts';
import { rssBytes } from './streams/proc.ts';

const ROOT = join(import.meta.dirname, '..');
const RUNS = 5;
const READY_LIMIT_MS = 1_500;
const RSS_LIMIT_MB = 120;
/** Probes, discovery and the collection of start-up garbage are through by then. */
const IDLE_AFTER_MS = 6_000;

/**
 * What it costs to have a gateway: time from process start to the sign-in URL (answering), resident memory when idle
 * against a small cluster in another process. What the console's first view loads is measured by `console`.
 */
export async function run(): Promise<void> {
  await buildAll({ ifStale: true });
  const scratch = mkdtempSync(join(tmpdir(), 'krateyard-bench-'));
  try {
    for (const scene of ['none', 'demo']) await measureGateway(scene, scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function measureGateway(scene: string, scratch: string): Promise<void> {
  const kubeconfig = join(scratch, `${scene}.kubeconfig`);
  const sandbox = node(['sandbox/main.ts', '--scene', scene, '--write-kubeconfig', kubeconfig]);
  await firstLine(sandbox);
  const args = ['dist/gateway/main.js', '--port', '0', '--kubeconfig', kubeconfig, '--state-dir', scratch];
  const readyMs: number[] = [];
  let rssMb = NaN;
  for (let index = 0; index < RUNS; index += 1) {
    const startedAt = performance.now();
    const gateway = node([...args, '--log-level', 'silent']);
    const url = await firstLine(gateway);
    await fetch(new URL('/readyz', url));
    readyMs.push(performance.now() - startedAt);
    if (index === RUNS - 1) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS));
      rssMb = rssBytes(gateway.pid!) / MB;
    }
    await end(gateway);
  }
  await end(sandbox);
  report(`ready, scene ${scene} (median of ${RUNS})`, median(readyMs), 'ms', READY_LIMIT_MS);
  report(`idle RSS, scene ${scene}`, rssMb, 'MB', RSS_LIMIT_MB);
}

function report(what: string, value: number, unit: string, limit: number): void {
  if (Number.isNaN(value)) {
    console.log(`${what}: cannot be measured on this system`);
    return;
  }
  const verdict = value < limit ? 'ok' : 'MISSED';
  console.log(
    `${what}: ${value.toFixed(0)} ${unit}, ${(value / limit).toFixed(2)} × the limit of ${limit} ${unit}: ${verdict}`,
  );
}

function node(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The process has no standard output.');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return line;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
