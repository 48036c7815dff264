import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerCertificate } from './server-certificate.ts';

export interface ListenerTarget {
  serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, signal: AbortSignal): void;
}

/** The server's socket. It can be torn down and opened again on the same port, as a restarted process would. */
export class HttpsListener {
  readonly #certificate: ServerCertificate;
  readonly #target: ListenerTarget;
  #server: Server | undefined;
  #sockets = new Set<Duplex>();
  #stopping = new AbortController();
  #port = 0;

  constructor(certificate: ServerCertificate, target: ListenerTarget) {
    this.#certificate = certificate;
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens on `port` of 127.0.0.1; 0 takes a free one. Rejects when the port is taken. */
  async open(port: number): Promise<void> {
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    const { certPem: cert, keyPem: key } = this.#certificate;
    const server = createServer(
      { cert, key, ALPNProtocols: ['http/1.1'], keepAliveTimeout: 60_000 },
      (request, response) => {
        void this.#target.serve(request, response, signal);
      },
    );
    server.on('upgrade', (request, socket, head) => this.#target.upgrade(request, socket, head, signal));
    server.on('connection', (socket: Duplex) => this.#remember(socket));
    server.on('tlsClientError', () => {});
    server.requestTimeout = 0;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Ends everything: watches end with `graceful`, connections break without it. */
  async close(options: { graceful: boolean }): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (options.graceful) this.#stopping.abort();
    else for (const socket of this.#sockets) socket.destroy();
    this.#stopping.abort();
    await new Promise(setImmediate);
    server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #remember(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
