import type { ServerResponse } from 'node:http';
import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import { StatusError, toStatus } from '@krateyard/status/status-error';
import type { StoredRevision } from '../store/stored-revision.ts';
import { WatchCursor, selectEvent, type SelectedEvent } from '../store/watch-cursor.ts';
import { collectionOf, type ApiServerContext } from './api-server-context.ts';
import { matchesFilter } from './field-labels.ts';
import { encodeObject } from './object-encoding.ts';
import { parseRevision, type ListRequest } from './object-lister.ts';
import { viewOf } from './object-view.ts';
import type { Representation } from './representation.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { untilWritable } from './until-writable.ts';

export interface WatchRequest extends ListRequest {
  readonly form: Representation;
  readonly bookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutMs: number;
}

/** The client asks for 5 to 10 minutes as a rule; without a wish it is as long as Kubernetes gives at least. */
export const DEFAULT_WATCH_TIMEOUT_MS = 30 * 60_000;
const BOOKMARK_PERIOD_MS = 60_000;
/** Events read and encoded before the socket is looked at again. */
const BATCH = 500;

/**
 * One watch over HTTP. It reads the collection's history at its own pace: a client that does not read is held back by
 * its socket's buffer alone, and is told 410 when what it has missed was forgotten.
 */
export class WatchStream {
  readonly #context: ApiServerContext;
  readonly #definition: ResourceDefinition;
  readonly #request: WatchRequest;
  readonly #response: ServerResponse;
  readonly #matches: (stored: StoredRevision) => boolean;
  #wake: () => void = () => {};
  #ended = false;
  #bookmarkDue = false;
  #tables = 0;

  constructor(
    context: ApiServerContext,
    definition: ResourceDefinition,
    request: WatchRequest,
    response: ServerResponse,
  ) {
    this.#context = context;
    this.#definition = definition;
    this.#request = request;
    this.#response = response;
    const prefix = request.namespace === undefined ? '' : `${request.namespace}/`;
    this.#matches = (stored) =>
      stored.key.startsWith(prefix) &&
      matchesFilter(definition, request.filter, viewOf(definition, stored).object);
  }

  /** Runs until the client, the timeout, the end of the history or the server ends it. */
  async run(signal: AbortSignal): Promise<void> {
    const collection = collectionOf(this.#context, this.#definition);
    const { clock } = this.#context;
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    const disposers = [
      collection.onChange(() => this.#wake()),
      clock.after(this.#request.timeoutMs, end),
      this.#request.bookmarks ? clock.after(this.#lastBookmarkMs(), () => this.#dueBookmark()) : () => {},
      this.#request.bookmarks ? clock.every(BOOKMARK_PERIOD_MS, () => this.#dueBookmark()) : () => {},
    ];
    this.#response.once('close', end);
    signal.addEventListener('abort', end, { once: true });
    try {
      this.#response.setHeader('Content-Type', 'application/json');
      this.#response.writeHead(200);
      this.#response.flushHeaders();
      await this.#follow(await this.#start());
    } finally {
      for (const dispose of disposers) dispose();
      signal.removeEventListener('abort', end);
      this.#response.end();
    }
  }

  /** Sends what there is already, where the client wants it, and says from where to go on. */
  async #start(): Promise<WatchCursor> {
    const collection = collectionOf(this.#context, this.#definition);
    const { sendInitialEvents, resourceVersion } = this.#request;
    const asked = parseRevision(resourceVersion);
    const wantsPresent = sendInitialEvents ?? asked === 0;
    const from = sendInitialEvents === false && asked === 0 ? this.#context.store.current : asked;
    if (!wantsPresent) return new WatchCursor(collection, from);
    const cursor = new WatchCursor(collection, this.#context.store.current);
    const present = collection.list(this.#request.namespace).filter(this.#matches);
    for (let i = 0; i < present.length && !this.#ended; i += BATCH)
      await this.#write(present.slice(i, i + BATCH).map((stored) => this.#line('ADDED', stored)));
    if (sendInitialEvents === true && this.#request.bookmarks)
      await this.#write([this.#bookmark(cursor.revision, { 'k8s.io/initial-events-end': 'true' })]);
    return cursor;
  }

  async #follow(cursor: WatchCursor): Promise<void> {
    while (!this.#ended) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const events = cursor.read(BATCH);
      if (events === 'expired') return this.#expire(cursor.revision);
      const lines = events
        .map((event) => selectEvent(event, this.#matches))
        .filter((event) => event !== undefined)
        .map((event: SelectedEvent) => this.#line(event.type, event.stored));
      if (lines.length > 0) await this.#write(lines);
      if (events.length > 0) continue;
      cursor.skipTo(this.#context.store.current);
      if (this.#bookmarkDue) await this.#write([this.#bookmark(cursor.revision)]);
      this.#bookmarkDue = false;
      await woken;
    }
  }

  async #expire(revision: number): Promise<void> {
    const { completeAfter } = collectionOf(this.#context, this.#definition).history;
    const error = new StatusError('Expired', `too old resource version: ${revision} (${completeAfter})`);
    await this.#write([`{"type":"ERROR","object":${JSON.stringify(toStatus(error))}}\n`]);
  }

  /** Shortly before the end, so that the client can go on from there. */
  #lastBookmarkMs(): number {
    return Math.max(this.#request.timeoutMs - 2000, this.#request.timeoutMs / 2);
  }

  #dueBookmark(): void {
    this.#bookmarkDue = true;
    this.#wake();
  }

  #line(type: string, stored: StoredRevision): string {
    const view = viewOf(this.#definition, stored);
    const object = encodeObject(this.#definition, view, this.#form(), this.#context.clock.now());
    return `{"type":"${type}","object":${object}}\n`;
  }

  /** Of tables only the first has columns. */
  #form(): Representation {
    const { form } = this.#request;
    if (form.form !== 'table' || this.#tables++ === 0) return form;
    return { ...form, bare: true };
  }

  #bookmark(revision: number, annotations?: Record<string, string>): string {
    const object = {
      kind: this.#definition.kind,
      apiVersion: formatGroupVersion(this.#definition),
      metadata: {
        resourceVersion: String(revision),
        creationTimestamp: null,
        ...(annotations && { annotations }),
      },
    };
    return `{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`;
  }

  async #write(lines: readonly string[]): Promise<void> {
    if (this.#ended || this.#response.destroyed) return;
    if (!this.#response.write(lines.join(''))) await untilWritable(this.#response);
  }
}
