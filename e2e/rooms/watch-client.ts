import assert from 'node:assert/strict';
import jsonPatch, { type Operation } from 'fast-json-patch';
import { WebSocket } from 'ws';
import type {
  Change,
  Delta,
  ServerFrame,
  Snapshot,
  Subscribe,
  Subscribed,
  Synced,
} from '@krateyard/workspace/contract/watch-protocol';
import { pollUntil, type PollOptions } from '../harness/poll-until.ts';
import { whenOpen } from '../harness/when-open.ts';

type Fields = Record<string, unknown> & {
  metadata: { name: string; namespace?: string; resourceVersion?: string };
};

/** What a client knows of one stream, by the protocol's own rules. */
export class StreamModel {
  readonly objects = new Map<string, Fields>();
  order: readonly string[] | undefined;
  total = -1;
  synced = false;
  resume = '';
  /** Offsets of the deltas that came, since the last snapshot. */
  readonly offsets: number[] = [];
  patches = 0;

  snapshot({ part, items }: Snapshot): void {
    if (part === 0) {
      this.objects.clear();
      this.offsets.length = 0;
      this.order = undefined;
      this.synced = false;
    }
    for (const item of items as Fields[]) this.objects.set(keyOf(item), item);
  }

  complete({ resume, total, order }: Synced): void {
    this.synced = true;
    this.resume = resume;
    this.total = total;
    this.order = order;
  }

  delta({ changes, total, order, resume }: Delta): void {
    for (const change of changes) this.#apply(change);
    this.total = total ?? this.total;
    if (order !== undefined) {
      this.order = order;
      for (const key of this.objects.keys()) if (!order.includes(key)) this.objects.delete(key);
    }
    this.resume = resume;
    this.offsets.push(Number(resume.split('.').at(-1)));
  }

  keys(): string[] {
    return this.order ? [...this.order] : [...this.objects.keys()].toSorted();
  }

  #apply(change: Change): void {
    if (change.op === 'deleted') this.objects.delete(change.key);
    else if ('object' in change) this.objects.set(change.key, change.object as Fields);
    else {
      this.patches += 1;
      const known = this.objects.get(change.key);
      assert.ok(known, `a patch for ${change.key}, which is not known`);
      const { newDocument } = jsonPatch.applyPatch(structuredClone(known), change.patch as Operation[], true);
      this.objects.set(change.key, newDocument);
    }
  }
}

/** A client of `/ws/watch` that holds the server to its protocol. */
export class WatchClient {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #streams = new Map<string, StreamModel>();
  readonly #subscribed = new Map<string, Subscribed>();
  closeCode: number | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.#received(data.toString()));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.closeCode = code;
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  static async open(origin: string, token: string): Promise<WatchClient> {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws/watch`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    const client = new WatchClient(socket);
    await whenOpen(socket, 'the watch');
    return client;
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Subscribes and resolves when the stream is complete. */
  async subscribe(frame: Omit<Subscribe, 'type'>, options?: PollOptions): Promise<StreamModel> {
    this.send({ type: 'subscribe', ...frame });
    return this.synced(frame.id, options);
  }

  /** The stream that is this subscription's now, once it is complete. Fails with the refusal when there is one. */
  async synced(id: string, options?: PollOptions): Promise<StreamModel> {
    const look = (): StreamModel | false => {
      const refusal = this.refusal(id);
      if (refusal) throw new Error(refusal.status.message);
      const model = this.streamOf(id);
      return model?.synced === true && model;
    };
    return pollUntil(`subscription ${id}`, look, options);
  }

  streamOf(id: string): StreamModel | undefined {
    const subscribed = this.#subscribed.get(id);
    return subscribed && this.#streams.get(subscribed.stream);
  }

  subscribedOf(id: string): Subscribed | undefined {
    return this.#subscribed.get(id);
  }

  refusal(id: string | undefined): Extract<ServerFrame, { type: 'error' | 'ended' }> | undefined {
    return this.frames.find(
      (frame): frame is Extract<ServerFrame, { type: 'error' | 'ended' }> =>
        (frame.type === 'error' || frame.type === 'ended') && frame.id === id,
    );
  }

  frame<T extends ServerFrame['type']>(type: T): Promise<Extract<ServerFrame, { type: T }>> {
    return pollUntil(`a ${type} frame`, () =>
      this.frames.find((one): one is Extract<ServerFrame, { type: T }> => one.type === type),
    );
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }

  #received(text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    if (this.frames.length === 0) assert.equal(frame.type, 'hello');
    this.frames.push(frame);
    if (frame.type === 'subscribed') {
      this.#subscribed.set(frame.id, frame);
      if (!this.#streams.has(frame.stream)) this.#streams.set(frame.stream, new StreamModel());
    } else if (frame.type === 'snapshot') this.#model(frame.stream).snapshot(frame);
    else if (frame.type === 'synced') this.#model(frame.stream).complete(frame);
    else if (frame.type === 'delta') this.#model(frame.stream).delta(frame);
  }

  #model(stream: string): StreamModel {
    const model = this.#streams.get(stream);
    assert.ok(model, `stream ${stream} was told before it was named`);
    return model;
  }
}

function keyOf({ metadata }: Fields): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}
