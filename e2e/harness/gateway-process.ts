import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { within } from './poll-until.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const READY_MS = 90_000;

/** A real gateway process. It keeps its port and session key over `restart`, as a supervised one would. */
export class GatewayProcess {
  readonly origin: string;
  readonly #args: readonly string[];
  readonly #stateDir: string;
  #child: ChildProcess | undefined;
  #signInUrl = '';
  #log = '';

  private constructor(port: number, stateDir: string, args: readonly string[]) {
    this.origin = `http://127.0.0.1:${port}`;
    this.#stateDir = stateDir;
    this.#args = ['--port', String(port), '--state-dir', stateDir, '--drain-seconds', '2', ...args];
  }

  /** Without `kubeconfig` it embeds a sandbox of its own. Resolves when the gateway has printed its URL. */
  static async start(
    options: { kubeconfig?: string; args?: readonly string[] } = {},
  ): Promise<GatewayProcess> {
    const stateDir = await mkdtemp(path.join(tmpdir(), 'krateyard-gateway-'));
    const cluster = options.kubeconfig === undefined ? [] : ['--kubeconfig', options.kubeconfig];
    const gateway = new GatewayProcess(await freePort(), stateDir, [...cluster, ...(options.args ?? [])]);
    await gateway.start();
    return gateway;
  }

  /** The one-shot URL that it printed last. */
  get signInUrl(): string {
    return this.#signInUrl;
  }

  /** Standard error so far: what to show when a test fails. */
  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const env: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '' };
    delete env['KUBECONFIG'];
    const child = spawn(process.execPath, ['apps/gateway/main.ts', ...this.#args], { cwd: ROOT, env });
    this.#child = child;
    child.stderr.on('data', (bytes: Buffer) => (this.#log = (this.#log + bytes.toString()).slice(-100_000)));
    const printed = Promise.withResolvers<string>();
    child.stdout.on('data', (bytes: Buffer) => {
      const [url] = /http:\S+/.exec(bytes.toString()) ?? [];
      if (url !== undefined) printed.resolve(url);
    });
    child.once('exit', (code) => printed.reject(new Error(`the gateway ended with ${code}: ${this.#log}`)));
    this.#signInUrl = await within('starting the gateway', READY_MS, printed.promise);
  }

  /** Ends it at once, as the kernel would. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  async close(): Promise<void> {
    await this.kill('SIGKILL');
    await rm(this.#stateDir, { recursive: true, force: true });
  }
}
