import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createClient } from '@krateyard/kube/client/create-client';
import { createCache } from '@krateyard/kube/cache/create-cache';
import type { Cache } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject, WatchEvent } from '@krateyard/kube/meta/object';

export interface ReviewedUser {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

export interface ReviewedAction {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
}

/** One API request as the server saw it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

interface ReviewRequest {
  readonly spec?: {
    readonly token?: string;
    readonly user?: string;
    readonly namespace?: string;
    readonly groups?: readonly string[];
    readonly resourceAttributes?: { verb?: string; resource?: string; namespace?: string };
  };
}

/**
 * The part of an API server that answers who somebody is and what they may do, over real sockets, scripted by a test:
 * TokenReview, SelfSubjectReview, SubjectAccessReview, and lists and watches of whatever is put into it.
 */
export class ReviewServer implements AsyncDisposable {
  readonly users = new Map<string, ReviewedUser>();
  readonly seen: SeenRequest[] = [];
  /** Answers to GET by path, for discovery. */
  readonly documents = new Map<string, unknown>();
  self: ReviewedUser = { username: 'gateway' };
  allow: (action: ReviewedAction) => boolean = () => false;
  /** Answers to SelfSubjectRulesReview by namespace. */
  rules: (namespace: string) => unknown = () => ({ resourceRules: [] });
  /** Paths that are answered 404. */
  readonly missing = new Set<string>();
  /** Reads that are answered 403. */
  forbidden: (path: string) => boolean = () => false;
  /** Every request is answered with this status while set. */
  broken: number | undefined;
  /** Awaited before each answer. */
  before: () => Promise<void> = () => Promise.resolve();
  /** Most requests that were open together, watches aside. */
  mostAtOnce = 0;
  #atOnce = 0;
  readonly client: Client;
  readonly cache: Cache;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #watches = new Set<{ readonly collection: string; readonly response: ServerResponse }>();
  #resourceVersion = 1;

  static async start(): Promise<ReviewServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const made = new ReviewServer(port);
    made.#server.listen(port, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  private constructor(port: number) {
    this.client = createClient({
      config: {
        name: 'scripted',
        server: `http://127.0.0.1:${port}`,
        namespace: 'default',
        ca: undefined,
        tlsServerName: undefined,
        insecureSkipTlsVerify: false,
        proxyUrl: undefined,
        auth: { kind: 'none' },
        clientCertificate: undefined,
        impersonate: undefined,
      },
    });
    this.cache = createCache({ client: this.client });
  }

  /** How many requests had this in their path. */
  count(path: string): number {
    return this.seen.filter((request) => request.path.includes(path)).length;
  }

  /** Creates or changes an object of the collection, `rbac.authorization.k8s.io/v1/roles` or `v1/namespaces`. */
  put(collection: string, object: KubeObject): void {
    this.#resourceVersion += 1;
    const stored = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#resourceVersion) },
    };
    const objects = this.#objects.get(collection) ?? new Map<string, KubeObject>();
    this.#objects.set(collection, objects);
    const key = keyOf(stored);
    const type = objects.has(key) ? 'MODIFIED' : 'ADDED';
    objects.set(key, stored);
    this.#tell(collection, { type, object: stored });
  }

  remove(collection: string, name: string, namespace = ''): void {
    this.#resourceVersion += 1;
    const objects = this.#objects.get(collection);
    const gone = objects?.get(`${namespace}/${name}`);
    if (!gone) return;
    objects?.delete(`${namespace}/${name}`);
    const metadata = { ...gone.metadata, resourceVersion: String(this.#resourceVersion) };
    this.#tell(collection, { type: 'DELETED', object: { ...gone, metadata } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cache.close();
    await this.client.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    this.seen.push({ path: request.url ?? '/', headers: request.headers });
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    response.once('finish', () => (this.#atOnce -= 1));
    const body = await readJson(request);
    await this.before();
    if (this.broken !== undefined) return send(response, this.broken, {});
    if (request.method === 'GET') return this.#read(url, response);
    return send(response, 201, { status: this.#review(url.pathname, body) });
  }

  #review(path: string, body: ReviewRequest): unknown {
    if (path.endsWith('/tokenreviews')) {
      const user = this.users.get(body.spec?.token ?? '');
      return user ? { authenticated: true, user } : { authenticated: false };
    }
    if (path.endsWith('/selfsubjectreviews')) return { userInfo: this.self };
    if (path.endsWith('/selfsubjectrulesreviews')) return this.rules(body.spec?.namespace ?? '');
    const own = path.endsWith('/selfsubjectaccessreviews');
    const { verb = '', resource = '', namespace = '' } = body.spec?.resourceAttributes ?? {};
    const user = own ? this.self.username : (body.spec?.user ?? '');
    const groups = (own ? this.self.groups : body.spec?.groups) ?? [];
    return { allowed: this.allow({ user, groups, verb, resource, namespace }), reason: 'as scripted' };
  }

  #read(url: URL, response: ServerResponse): void {
    if (this.forbidden(url.pathname)) return send(response, 403, {});
    if (this.missing.has(url.pathname)) return send(response, 404, {});
    const document = this.documents.get(url.pathname);
    if (document !== undefined) return send(response, 200, document);
    if (/^\/apis\/[^/]+\/[^/]+$/.test(url.pathname)) return send(response, 404, {});
    const collection = url.pathname.replace(/^\/apis?\//, '');
    if (url.searchParams.get('watch') !== null) return this.#watch(url, collection, response);
    const items = [...(this.#objects.get(collection)?.values() ?? [])];
    send(response, 200, { metadata: { resourceVersion: String(this.#resourceVersion) }, items });
  }

  #watch(url: URL, collection: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (url.searchParams.get('sendInitialEvents') === 'true') {
      for (const object of this.#objects.get(collection)?.values() ?? []) {
        response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      }
      const annotations = { 'k8s.io/initial-events-end': 'true' };
      const metadata = { resourceVersion: String(this.#resourceVersion), annotations };
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`);
    }
    const watch = { collection, response };
    this.#watches.add(watch);
    response.once('close', () => this.#watches.delete(watch));
  }

  #tell(collection: string, event: WatchEvent): void {
    for (const watch of this.#watches) {
      if (watch.collection === collection) watch.response.write(`${JSON.stringify(event)}\n`);
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<ReviewRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as ReviewRequest);
}
