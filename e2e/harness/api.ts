import { Agent, request, type Dispatcher } from 'undici';
import type { ClusterLogin } from './kubeconfig.ts';
import { WatchStream } from './watch-stream.ts';
import type { Wire } from './wire.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The parsed body, undefined when it is no JSON. */
  readonly body: Wire;
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface AskOptions {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
  /** `application/json` by default. */
  readonly contentType?: string;
}

export interface Impersonated {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export const MERGE_PATCH = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';

/** Plain requests to one API server as one user; knows nothing of Kubernetes but headers. Close it at the end. */
export class Api {
  readonly login: ClusterLogin;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly #agent: Agent;

  constructor(login: ClusterLogin, headers: Readonly<Record<string, string | string[]>> = {}, agent?: Agent) {
    this.login = login;
    this.headers = headers;
    this.#agent = agent ?? new Agent({ connect: tlsOf(login), headersTimeout: 60_000, bodyTimeout: 0 });
  }

  /** The same connection credentials, with impersonation headers. */
  as(who: Impersonated): Api {
    const headers: Record<string, string | string[]> = { ...this.headers, 'impersonate-user': who.user };
    if (who.groups !== undefined) headers['impersonate-group'] = [...who.groups];
    if (who.uid !== undefined) headers['impersonate-uid'] = who.uid;
    for (const [key, values] of Object.entries(who.extra ?? {})) {
      headers[`impersonate-extra-${encodeURIComponent(key)}`] = [...values];
    }
    return new Api(this.login, headers, this.#agent);
  }

  /** As the holder of a token (or, with undefined, as nobody) instead of this login's user. */
  withToken(token: string | undefined): Api {
    const { cert: _cert, key: _key, token: _token, ...server } = this.login;
    return new Api(token === undefined ? server : { ...server, token });
  }

  get(path: string, query?: Query, headers?: AskOptions['headers']): Promise<Reply> {
    return this.ask('GET', path, { ...(query && { query }), ...(headers && { headers }) });
  }

  post(path: string, body: unknown, query?: Query): Promise<Reply> {
    return this.ask('POST', path, { body, ...(query && { query }) });
  }

  put(path: string, body: unknown, query?: Query): Promise<Reply> {
    return this.ask('PUT', path, { body, ...(query && { query }) });
  }

  patch(path: string, contentType: string, body: unknown, query?: Query): Promise<Reply> {
    return this.ask('PATCH', path, { body, contentType, ...(query && { query }) });
  }

  delete(path: string, body?: unknown, query?: Query): Promise<Reply> {
    return this.ask('DELETE', path, { ...(body !== undefined && { body }), ...(query && { query }) });
  }

  async ask(method: string, path: string, options: AskOptions = {}): Promise<Reply> {
    const { statusCode, headers, body } = await this.open(method, path, options);
    const text = await body.text();
    return { status: statusCode, headers, text, body: parsed(text) };
  }

  /** The response with its body still to come. */
  open(
    method: string,
    path: string,
    options: AskOptions & { signal?: AbortSignal } = {},
  ): Promise<Dispatcher.ResponseData> {
    const { body, signal } = options;
    return request(this.url(path, options.query), {
      method: method as Dispatcher.HttpMethod,
      dispatcher: this.#agent,
      headers: this.#headersFor(options),
      ...(body !== undefined && { body: encoded(body) }),
      ...(signal && { signal }),
    });
  }

  /** Opens `?watch=1`; throws with the Status when it is refused. */
  async watch(path: string, query: Query = {}, headers: AskOptions['headers'] = {}): Promise<WatchStream> {
    const abort = new AbortController();
    const response = await this.open('GET', path, {
      query: { watch: 1, ...query },
      headers,
      signal: abort.signal,
    });
    if (response.statusCode !== 200) {
      throw new Error(`watch refused: ${response.statusCode} ${await response.body.text()}`);
    }
    return new WatchStream(response.body, abort);
  }

  url(path: string, query: Query = {}): string {
    const url = new URL(this.login.server + path);
    for (const [key, value] of Object.entries(query)) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(key, String(one));
    }
    return url.toString();
  }

  /** Headers that carry the identity: for sockets, which are not opened here. */
  identityHeaders(): Record<string, string | string[]> {
    const token = this.login.token;
    return { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...this.headers };
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #headersFor(options: AskOptions): Record<string, string | string[]> {
    const headers: Record<string, string | string[]> = {
      accept: 'application/json',
      ...this.identityHeaders(),
      ...options.headers,
    };
    if (options.body !== undefined) headers['content-type'] = options.contentType ?? 'application/json';
    return headers;
  }
}

export function tlsOf(login: ClusterLogin): { ca?: string; cert?: string; key?: string } {
  return {
    ...(login.ca !== undefined && { ca: login.ca }),
    ...(login.cert !== undefined && { cert: login.cert }),
    ...(login.key !== undefined && { key: login.key }),
  };
}

function encoded(body: unknown): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

function parsed(text: string): Wire {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
