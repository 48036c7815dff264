import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildAll } from '@krateyard/tools/build';
import { heldMemory, type HeldMemory } from './inspected.ts';
import { cpuMs, rssBytes } from './proc.ts';

const ROOT = join(import.meta.dirname, '../..');
const READY_MS = 60_000;
const MANY = '10000';

/** Options for its Node, such as `--cpu-prof --cpu-prof-dir=FOLDER`: it is then ended so that it can write what it has found. */
const PROFILE = (process.env['KRATEYARD_BENCH_NODE'] ?? '').split(' ').filter(Boolean);

/** The gateway as people run it: the built program, in a process of its own. */
export class GatewayChild {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #stateDir: string;
  readonly #inspector: string | undefined;

  private constructor(child: ChildProcess, origin: string, stateDir: string, inspector: string | undefined) {
    this.#child = child;
    this.origin = origin;
    this.#stateDir = stateDir;
    this.#inspector = inspector;
  }

  /** `inspected`: can be asked for `held`. */
  static async start(kubeconfig: string, { inspected = false } = {}): Promise<GatewayChild> {
    await buildAll({ ifStale: true });
    const stateDir = mkdtempSync(join(tmpdir(), 'krateyard-bench-'));
    const limits = ['shells', 'logs'].flatMap((what) => [
      `--max-${what}`,
      MANY,
      `--max-${what}-per-user`,
      MANY,
      `--max-${what}-per-user-and-namespace`,
      MANY,
    ]);
    const args = ['--port', '0', '--kubeconfig', kubeconfig, '--state-dir', stateDir, '--log-level', 'error'];
    const env: NodeJS.ProcessEnv = { ...process.env };
    delete env['KUBECONFIG'];
    const child = spawn(
      process.execPath,
      [
        ...PROFILE,
        ...(inspected ? ['--inspect=127.0.0.1:0'] : []),
        'dist/gateway/main.js',
        ...args,
        ...limits,
        '--max-sockets-per-user',
        MANY,
      ],
      { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    // Node prints it before it runs anything of the gateway's.
    let inspector: string | undefined;
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [address] = /ws:\/\/\S+/.exec(line) ?? [];
      if (address !== undefined) inspector = address;
      // Of each shell there is a line in the audit.
      else if (!inspected && !line.includes('"msg":"Audit."')) console.error(line);
    });
    const printed = Promise.withResolvers<string>();
    const late = setTimeout(() => printed.reject(new Error('the gateway printed no address')), READY_MS);
    child.once('exit', (code) => printed.reject(new Error(`the gateway ended with ${code}`)));
    child.stdout.on('data', (bytes: Buffer) => {
      const [origin] = /http:\/\/[^/\s]+/.exec(bytes.toString()) ?? [];
      if (origin !== undefined) printed.resolve(origin);
    });
    try {
      return new GatewayChild(child, await printed.promise, stateDir, inspector);
    } finally {
      clearTimeout(late);
    }
  }

  /** Resident memory; NaN where there is no /proc. */
  rssBytes(): number {
    return rssBytes(this.#child.pid!);
  }

  /** After its garbage was collected. Throws unless it was started `inspected`. */
  async held(): Promise<HeldMemory> {
    if (this.#inspector === undefined) throw new Error('the gateway was not started to be inspected');
    return heldMemory(this.#inspector);
  }

  /** Of user and system so far. */
  cpuMs(): number {
    return cpuMs(this.#child.pid!);
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill(PROFILE.length > 0 ? 'SIGTERM' : 'SIGKILL');
    await gone;
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}
