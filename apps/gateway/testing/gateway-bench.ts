import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createSandbox, type Sandbox } from '@krateyard/sandbox/sandbox';
import type { Status } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { silentLogger } from '@krateyard/telemetry/logger';
import { createMetrics } from '@krateyard/telemetry/metrics';
import { build, type Gateway } from '../app.ts';
import { readConfig } from '../config.ts';
import { servedSandbox } from '../embedded-cluster.ts';

export interface GatewayBenchOptions {
  readonly flags?: readonly string[];
  readonly sandbox?: Sandbox;
  readonly stateDir?: string;
  readonly consoleDir?: string;
  readonly clock?: Clock;
}

/** A gateway and its embedded cluster on free ports, with a browser's cookie jar. */
export class GatewayBench implements AsyncDisposable {
  readonly gateway: Gateway;
  readonly sandbox: Sandbox;
  readonly stateDir: string;
  readonly url: string;
  readonly signInUrl: string;
  readonly #options: GatewayBenchOptions;
  readonly #sockets: WebSocket[] = [];

  static async start(options: GatewayBenchOptions = {}): Promise<GatewayBench> {
    const sandbox = options.sandbox ?? (await createSandbox());
    const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), 'krateyard-gateway-'));
    const gateway = await build(readConfig(['--port', '0', ...(options.flags ?? [])], {}), {
      cluster: servedSandbox(sandbox),
      clock: options.clock ?? systemClock,
      logger: silentLogger,
      auditLog: silentLogger,
      metrics: createMetrics(),
      version: 'test',
      stateDir,
      consoleDir: options.consoleDir,
    });
    const { url, signInUrl } = await gateway.listen();
    return new GatewayBench({ gateway, sandbox, stateDir, url, signInUrl, options });
  }

  private constructor(parts: {
    gateway: Gateway;
    sandbox: Sandbox;
    stateDir: string;
    url: string;
    signInUrl: string;
    options: GatewayBenchOptions;
  }) {
    this.gateway = parts.gateway;
    this.sandbox = parts.sandbox;
    this.stateDir = parts.stateDir;
    this.url = parts.url;
    this.signInUrl = parts.signInUrl;
    this.#options = parts.options;
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { redirect: 'manual', ...init });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Signs in by name; the Cookie header to send from now on. */
  async signIn(person: string): Promise<string> {
    return cookieOf(await this.post('/api/session', { person }));
  }

  /** The open socket, or the HTTP status that refused it. */
  async socket(path: string, headers: Record<string, string> = {}): Promise<WebSocket | number> {
    const ws = new WebSocket(this.url.replace('http', 'ws') + path, { headers });
    this.#sockets.push(ws);
    ws.on('error', () => {});
    return new Promise((resolve) => {
      ws.once('open', () => resolve(ws));
      ws.once('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ws of this.#sockets) ws.terminate();
    await this.gateway.stop(2_000);
    if (!this.#options.sandbox) await this.sandbox.stop();
    if (!this.#options.stateDir) rmSync(this.stateDir, { recursive: true });
  }
}

/** `name=value` of the cookie that the answer sets. */
export function cookieOf(response: Response): string {
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

export async function statusOf(response: Response): Promise<Status> {
  return (await response.json()) as Status;
}

export async function closeCode(ws: WebSocket): Promise<number> {
  const [code] = (await once(ws, 'close')) as [number];
  return code;
}
