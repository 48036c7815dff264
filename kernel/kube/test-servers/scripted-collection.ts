import type { ServerResponse } from 'node:http';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Call } from './scripted-api-server.ts';

interface Recorded {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/**
 * The behaviour of one collection behind an API server: LIST in pages, WATCH from a version with replay, bookmarks,
 * compaction. What is served is what the test puts in; faults are the test's to inject.
 */
export class ScriptedCollection {
  readonly path: string;
  readonly #kind: string;
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<ServerResponse>();
  #history: Recorded[] = [];
  #version = 100;
  #compacted = 100;
  /** Whether `sendInitialEvents` is served; refused as an API server without the feature does. */
  watchList = false;
  lists = 0;
  watches = 0;

  constructor(path: string, kind: string) {
    this.path = path;
    this.#kind = kind;
  }

  get version(): number {
    return this.#version;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  keys(): string[] {
    return [...this.#objects.keys()].toSorted();
  }

  put(
    name: string,
    fields: Record<string, unknown> = {},
    namespace = 'default',
    uid = `uid-${namespace}-${name}`,
  ): KubeObject {
    const key = formatKey({ namespace, name });
    this.#version += 1;
    const object: KubeObject = {
      ...fields,
      apiVersion: 'v1',
      kind: this.#kind,
      metadata: {
        ...(fields['metadata'] as object | undefined),
        name,
        namespace,
        uid,
        resourceVersion: String(this.#version),
      },
    };
    this.#record(this.#objects.has(key) ? 'MODIFIED' : 'ADDED', object);
    this.#objects.set(key, object);
    return object;
  }

  delete(name: string, namespace = 'default'): void {
    const key = formatKey({ namespace, name });
    const object = this.#objects.get(key);
    if (!object) return;
    this.#version += 1;
    this.#objects.delete(key);
    this.#record('DELETED', {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#version) },
    });
  }

  /** Forgets the history: watches from earlier versions are answered 410. */
  compact(): void {
    this.#history = [];
    this.#compacted = this.#version;
  }

  bookmark(): void {
    this.send({
      type: 'BOOKMARK',
      object: { kind: this.#kind, apiVersion: 'v1', metadata: { resourceVersion: String(this.#version) } },
    });
  }

  /** Writes to every open watch: an event, or text as it is. */
  send(event: unknown): void {
    const text = typeof event === 'string' ? event : `${JSON.stringify(event)}\n`;
    for (const watcher of this.#watchers) watcher.write(text);
  }

  endWatches(): void {
    for (const watcher of this.#watchers) watcher.end();
  }

  /** Answers a LIST or WATCH of this collection. */
  serve(call: Call): void {
    if (call.path !== this.path)
      call.status(404, 'NotFound', 'the server could not find the requested resource');
    else if (call.query.get('watch') === 'true') this.#watch(call);
    else this.#list(call);
  }

  #list(call: Call): void {
    this.lists += 1;
    const keys = this.keys();
    const limit = Number(call.query.get('limit') ?? 0) || keys.length;
    const start = Number(call.query.get('continue') ?? 0);
    const end = Math.min(keys.length, start + limit);
    const items = keys.slice(start, end).map((key) => {
      const { apiVersion: _, kind: __, ...item } = this.#objects.get(key)!;
      return item;
    });
    const metadata = {
      resourceVersion: String(this.#version),
      ...(end < keys.length && { continue: String(end) }),
    };
    call.json(200, { kind: `${this.#kind}List`, apiVersion: 'v1', metadata, items });
  }

  #watch(call: Call): void {
    const initial = call.query.get('sendInitialEvents') === 'true';
    if (initial && !this.watchList) {
      call.status(
        422,
        'Invalid',
        'sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
      );
      return;
    }
    this.watches += 1;
    call.response.writeHead(200, { 'content-type': 'application/json' });
    call.response.flushHeaders();
    if (!initial && Number(call.query.get('resourceVersion')) < this.#compacted) {
      const object = {
        kind: 'Status',
        status: 'Failure',
        reason: 'Expired',
        message: 'too old resource version',
        code: 410,
      };
      call.response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    for (const event of initial
      ? this.#initialEvents()
      : this.#since(Number(call.query.get('resourceVersion')))) {
      call.response.write(`${JSON.stringify(event)}\n`);
    }
    this.#watchers.add(call.response);
    call.response.on('close', () => this.#watchers.delete(call.response));
  }

  #initialEvents(): unknown[] {
    const metadata = {
      resourceVersion: String(this.#version),
      annotations: { 'k8s.io/initial-events-end': 'true' },
    };
    return [
      ...this.keys().map((key) => ({ type: 'ADDED', object: this.#objects.get(key) })),
      { type: 'BOOKMARK', object: { kind: this.#kind, apiVersion: 'v1', metadata } },
    ];
  }

  #since(version: number): unknown[] {
    return this.#history
      .filter((event) => event.version > version)
      .map(({ type, object }) => ({ type, object }));
  }

  #record(type: Recorded['type'], object: KubeObject): void {
    this.#history.push({ version: this.#version, type, object });
    this.send({ type, object });
  }

  /** Keys and versions, to compare with what a cache holds. */
  snapshot(): string[] {
    return snapshotOf(this.#objects);
  }
}

/** As `snapshot`, of anything that holds objects. */
export function snapshotOf(entries: Iterable<readonly [string, KubeObject]>): string[] {
  return [...entries]
    .map(([, object]) => `${formatKey(keyOf(object))}@${object.metadata.resourceVersion}`)
    .toSorted();
}
