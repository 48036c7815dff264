import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { buildConnector } from 'undici';

/** How a server is dialled. */
export interface DialOptions extends SecureContextOptions {
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
  readonly timeout?: number;
}

/**
 * What one TLS connection leaves to the next: certificates that are read, and a session to go on with. Without them a dial costs twice
 * the CPU, at both ends.
 */
export class TlsResumption {
  readonly #options: DialOptions;
  #context: SecureContext | undefined;
  #last: { readonly server: string; readonly session: Buffer } | undefined;

  constructor(options: DialOptions) {
    this.#options = options;
  }

  /** For a connection to there. Throws where the certificates cannot be used. */
  options(to: buildConnector.Options): DialOptions & { secureContext: SecureContext; session?: Buffer } {
    this.#context ??= createSecureContext(this.#options);
    const options = { ...this.#options, secureContext: this.#context };
    // Of a session's certificate nobody asks again whose it is: it must be the same server.
    return this.#last?.server === serverOf(to) ? { ...options, session: this.#last.session } : options;
  }

  keep(socket: Socket, to: buildConnector.Options): void {
    socket.on('session', (session: Buffer) => (this.#last = { server: serverOf(to), session }));
  }
}

function serverOf({ hostname, port, servername = '' }: buildConnector.Options): string {
  return `${hostname}:${port} ${servername}`;
}
