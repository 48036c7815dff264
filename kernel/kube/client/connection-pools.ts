import { readFile } from 'node:fs/promises';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { Agent, buildConnector, ProxyAgent, type Dispatcher } from 'undici';
import type { ClusterConfig, PemSource } from './cluster-config.ts';
import type { Credential } from './credential.ts';
import { sharedReadsConnector } from './shared-reads.ts';
import type { DialOptions } from './tls-resumption.ts';

export interface PoolLimits {
  readonly connectMs: number;
  readonly headersMs: number;
  /** Sockets for requests; more requests wait for a free one. */
  readonly requestConnections: number;
  /** Sockets for watches and other streams: each holds one for as long as it lives. */
  readonly streamConnections: number;
  /** Sockets for bytes that people read (logs): so many that watches never wait for them. */
  readonly byteConnections: number;
}

export type PoolName = 'request' | 'stream' | 'bytes' | 'socket';

/** Pools of their own, so that long watches and logs never leave requests without a socket. */
interface Pools {
  readonly material: string;
  readonly request: Dispatcher;
  readonly stream: Dispatcher;
  readonly bytes: Dispatcher;
  /** For upgrades: a pool forgets the sockets that it has handed over. */
  readonly socket: Dispatcher;
}

interface TlsMaterial {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** CA and certificate files are looked at again after this, so that rotation needs no restart. */
const MATERIAL_FRESH_MS = 60_000;
/** Below the 90 s after which Go's server closes idle connections. */
const KEEP_ALIVE_MS = 60_000;

/** The sockets to one cluster. They are made anew when certificates change; requests under way finish on the old ones. */
export class ConnectionPools {
  readonly #config: ClusterConfig;
  readonly #limits: PoolLimits;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #pools: Pools | undefined;
  #files: { readonly material: TlsMaterial; readonly readAt: number } | undefined;
  #closing = new Set<Promise<void>>();

  constructor(config: ClusterConfig, needs: { limits: PoolLimits; clock: Clock; logger: Logger }) {
    this.#config = config;
    this.#limits = needs.limits;
    this.#clock = needs.clock;
    this.#logger = needs.logger;
  }

  async dispatcher(kind: PoolName, credential: Credential): Promise<Dispatcher> {
    const files = await this.#material();
    const { certificate, key } = credential.clientCertificate ?? {};
    const material = certificate === undefined ? files : { ...files, cert: certificate, key };
    const fingerprint = JSON.stringify(material);
    if (this.#pools?.material !== fingerprint) {
      this.#retire();
      this.#pools = {
        material: fingerprint,
        request: this.#open(material, this.#limits.requestConnections),
        stream: this.#open(material, this.#limits.streamConnections),
        bytes: this.#open(material, this.#limits.byteConnections),
        socket: this.#open(material, this.#limits.streamConnections, sharedReadsConnector),
      };
    }
    return this.#pools[kind];
  }

  async close(): Promise<void> {
    const pools = this.#pools;
    this.#pools = undefined;
    await Promise.all([
      pools?.request.destroy(),
      pools?.stream.destroy(),
      pools?.bytes.destroy(),
      pools?.socket.destroy(),
      ...this.#closing,
    ]);
  }

  #retire(): void {
    const old = this.#pools;
    if (!old) return;
    this.#logger.info('certificates changed, opening new connections');
    // Streams have no end of their own: they are cut and come back on the new pool.
    const ended = [old.request.close(), old.stream.destroy(), old.bytes.destroy(), old.socket.destroy()];
    const closed = Promise.all(ended).then(
      () => {},
      () => {},
    );
    this.#closing.add(closed);
    void closed.then(() => this.#closing.delete(closed));
  }

  async #material(): Promise<TlsMaterial> {
    const now = this.#clock.monotonic();
    if (this.#files && now - this.#files.readAt < MATERIAL_FRESH_MS) return this.#files.material;
    const { ca, clientCertificate } = this.#config;
    try {
      const [caPem, cert, key] = await Promise.all([
        readPem(ca),
        readPem(clientCertificate?.certificate),
        readPem(clientCertificate?.key),
      ]);
      this.#files = { material: { ca: caPem, cert, key }, readAt: now };
    } catch (error) {
      if (!this.#files) {
        const { path, code } = error as NodeJS.ErrnoException;
        throw new StatusError(
          'ServiceUnavailable',
          `A certificate file of cluster "${this.#config.name}" cannot be read: ${path} (${code}).`,
        );
      }
      this.#files = { ...this.#files, readAt: now };
    }
    return this.#files.material;
  }

  #open(
    material: TlsMaterial,
    connections: number,
    connector: (options: DialOptions) => buildConnector.connector = buildConnector,
  ): Dispatcher {
    const { proxyUrl, tlsServerName, insecureSkipTlsVerify } = this.#config;
    const tls = {
      ...(material.ca !== undefined && { ca: material.ca }),
      ...(material.cert !== undefined && { cert: material.cert, key: material.key }),
      ...(tlsServerName !== undefined && { servername: tlsServerName }),
      ...(insecureSkipTlsVerify && { rejectUnauthorized: false }),
    };
    const options = {
      connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: this.#limits.headersMs,
      bodyTimeout: 0,
    };
    try {
      return proxyUrl === undefined
        ? new Agent({ ...options, connect: connector({ ...tls, timeout: this.#limits.connectMs }) })
        : new ProxyAgent({
            ...options,
            uri: proxyUrl,
            requestTls: tls,
            connect: { timeout: this.#limits.connectMs },
          });
    } catch (error) {
      throw new StatusError(
        'ServiceUnavailable',
        `The certificates of cluster "${this.#config.name}" cannot be used.`,
        { cause: error },
      );
    }
  }
}

function readPem(source: PemSource | undefined): Promise<string | undefined> {
  if (!source) return Promise.resolve(undefined);
  return 'pem' in source ? Promise.resolve(source.pem) : readFile(source.file, 'utf8');
}
