import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { podJson } from './cache/pod-json.ts';
import type { SyncResult } from './cache/measure.ts';

const PODS = Number(process.env['BENCH_PODS'] ?? 50_000);
const GO_DIRECTORY = join(import.meta.dirname, 'client-go');

/** Sync time, retained bytes and event-loop blocking of our cache, beside other informers, from the same server. */
export async function run(): Promise<void> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'cache/pod-server.ts'), String(PODS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = `http://127.0.0.1:${await firstLine(server)}`;
    const node = (script: string, ...args: string[]): Promise<SyncResult> =>
      measure(process.execPath, ['--expose-gc', join(import.meta.dirname, 'cache', script), url, ...args]);
    const results = new Map<string, SyncResult>();
    results.set('krateyard, WatchList', await node('sync-ours.ts', 'watchlist'));
    results.set('krateyard, LIST pages', await node('sync-ours.ts', 'pages'));
    results.set('@kubernetes/client-node', await node('sync-client-node.ts'));
    const go = buildClientGo();
    if (go) {
      results.set('client-go typed', await measure(go, ['-server', url, '-mode', 'typed']));
      results.set(
        'client-go typed, without managedFields',
        await measure(go, ['-server', url, '-mode', 'trimmed']),
      );
      results.set('client-go dynamic', await measure(go, ['-server', url, '-mode', 'dynamic']));
    } else console.log('no Go on PATH, or its program cannot be built: client-go is left out');
    print(results);
  } finally {
    server.kill();
  }
}

function print(results: ReadonlyMap<string, SyncResult>): void {
  const typed = results.get('client-go typed');
  console.log(
    `${PODS} pods of ${(podJson(1).length / 1000).toFixed(1)} KB from one local server, each client in its own process`,
  );
  console.table(
    Object.fromEntries(
      [...results].map(([name, { retainedMB, seconds, maxBlockMs, estimatedMB }]) => [
        name,
        {
          'retained MB': retainedMB.toFixed(0),
          'own estimate MB': estimatedMB?.toFixed(0) ?? '',
          'sync s': seconds.toFixed(2),
          'max loop block ms': maxBlockMs?.toFixed(0) ?? '',
          '× bytes of client-go typed': typed ? (retainedMB / typed.retainedMB).toFixed(2) : '',
          '× time of client-go typed': typed ? (seconds / typed.seconds).toFixed(2) : '',
        },
      ]),
    ),
  );
}

async function measure(command: string, args: readonly string[]): Promise<SyncResult> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 180_000 });
  const result = JSON.parse(await firstLine(child)) as SyncResult;
  if (result.objects !== PODS)
    throw new Error(`${command} ${args.join(' ')} holds ${result.objects} objects, not ${PODS}`);
  return result;
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error(`${child.spawnfile} ended without a word`);
}

/** The Go program, built once for each version of its source into the user's cache; undefined without Go. */
function buildClientGo(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(GO_DIRECTORY, file)));
  const directory = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'krateyard', 'bench');
  const program = join(directory, `client-go-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  console.log('building the client-go program, once; this takes some minutes');
  mkdirSync(directory, { recursive: true });
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: GO_DIRECTORY, stdio: 'inherit' });
  return built.status === 0 ? program : undefined;
}
