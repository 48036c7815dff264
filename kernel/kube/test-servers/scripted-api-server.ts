import { once } from 'node:events';
import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ClusterConfig } from '../client/cluster-config.ts';
import { createTestCertificates, type TestCertificates } from './test-certificates.ts';
import { testConfig } from './test-config.ts';

/** One request as the server saw it, and the way to answer it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Names and values as they came, several lines of one name apart. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** The common name of the client's certificate. */
  readonly clientName: string | undefined;
  readonly response: ServerResponse;
  json(code: number, body: unknown, headers?: Record<string, string>): void;
  /** A Kubernetes failure. */
  status(code: number, reason: string, message?: string, headers?: Record<string, string>): void;
  /** Breaks the connection. */
  reset(): void;
}

export type Script = (call: Call) => void;

let certificates: TestCertificates | undefined;

/** An HTTPS server that answers as a test tells it: faults at the level of the wire, without a mock of ours. */
export class ScriptedApiServer {
  readonly calls: Call[] = [];
  readonly certificates: TestCertificates;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #script: Script = (call) => call.status(404, 'NotFound');
  #waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  private constructor(server: Server, known: TestCertificates) {
    this.#server = server;
    this.certificates = known;
    server.on(
      'request',
      (request: IncomingMessage, response: ServerResponse) => void this.#receive(request, response),
    );
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
  }

  static async start(
    options: { readonly clientCertificates?: boolean; readonly plain?: boolean } = {},
  ): Promise<ScriptedApiServer> {
    const known = (certificates ??= createTestCertificates());
    const tls = {
      ...known.server,
      ca: known.ca,
      requestCert: options.clientCertificates ?? false,
      rejectUnauthorized: false,
    };
    const server = new ScriptedApiServer(options.plain ? createPlainServer() : createServer(tls), known);
    await server.listen(0);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** A context that reaches this server, with `user` as its user entry. */
  config(user: Record<string, unknown> = {}, cluster: Record<string, unknown> = {}): ClusterConfig {
    return testConfig({ server: `https://127.0.0.1:${this.port}`, ca: this.certificates.ca }, user, cluster);
  }

  answer(script: Script): void {
    this.#script = script;
  }

  /** Resolves when so many requests have come in all. */
  async received(count: number): Promise<void> {
    if (this.calls.length >= count) return;
    await new Promise<void>((resolve) => {
      this.#waiters.push({ count, resolve });
    });
  }

  /** Breaks all connections. */
  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Stops listening and breaks all connections; `listen` with the same port brings it back. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.resetAll();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    let body = '';
    try {
      for await (const chunk of request) body += String(chunk);
    } catch {
      return;
    }
    const call = toCall(request, response, body);
    this.calls.push(call);
    for (const waiter of this.#waiters) if (this.calls.length >= waiter.count) waiter.resolve();
    this.#script(call);
  }
}

function toCall(request: IncomingMessage, response: ServerResponse, body: string): Call {
  const url = new URL(request.url ?? '/', 'https://server');
  const json = (code: number, value: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
  const subject = (request.socket as TLSSocket).getPeerCertificate?.()?.subject;
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body,
    clientName: subject?.CN as string | undefined,
    response,
    json,
    status: (code, reason, message = reason, headers) =>
      json(
        code,
        { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message, code },
        headers,
      ),
    reset: () => (request.socket as Socket).destroy(),
  };
}
