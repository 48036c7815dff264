import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { buildAll } from '@krateyard/tools/build';

const ROOT = join(import.meta.dirname, '..');
const RUNS = 5;
const READY_LIMIT_MS = 1_500;
const RSS_LIMIT_MB = 120;
const SCRIPT_LIMIT_KB = 250;
/** Probes, discovery and the collection of start-up garbage are through by then. */
const IDLE_AFTER_MS = 6_000;

/**
 * What it costs to have a gateway: time from process start to the sign-in URL (answering), resident memory when idle
 * against a small cluster in another process, and the script of the console's first view.
 */
export async function run(): Promise<void> {
  await buildAll({ ifStale: true });
  const scratch = mkdtempSync(join(tmpdir(), 'krateyard-bench-'));
  try {
    for (const scene of ['none', 'demo']) await measureGateway(scene, scratch);
  } finally {
    rmSync(scratch, { recursive: true });
  }
  measureFirstView();
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
      rssMb = residentMb(gateway);
    }
    await end(gateway);
  }
  await end(sandbox);
  const median = readyMs.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? NaN;
  report(`ready, scene ${scene} (median of ${RUNS})`, median, 'ms', READY_LIMIT_MS);
  report(`idle RSS, scene ${scene}`, rssMb, 'MB', RSS_LIMIT_MB);
}

/** Every script there is, gzipped: what the first view loads by itself and by its room, and a bound for it as long as that holds. */
function measureFirstView(): void {
  const assets = join(ROOT, 'dist/console/assets');
  const scripts = readdirSync(assets).filter((file) => file.endsWith('.js'));
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file))).length, 0);
  report(`all ${scripts.length} scripts of the console, gzipped`, bytes / 1000, 'KB', SCRIPT_LIMIT_KB);
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

/** `VmRSS` of Linux; NaN elsewhere. */
function residentMb(child: ChildProcess): number {
  const file = `/proc/${child.pid}/status`;
  if (!existsSync(file)) return NaN;
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1];
  return (Number(kb) * 1024) / 1e6;
}
