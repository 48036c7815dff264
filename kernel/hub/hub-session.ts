import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { CLOSE_CODES, type CloseReason } from './close-codes.ts';
import type { Following, Outlet } from './following.ts';
import { encodeFrame, type Frame } from './frame.ts';
import type { HubTopic } from './hub-topic.ts';
import { createSocketWriter, type SocketWriter } from './socket-writer.ts';

/** Bounds of one session; the hub's options have the reasons. */
export interface SessionBounds {
  readonly highWaterBytes: number;
  readonly maxRepliesBytes: number;
  readonly badFrames: number;
}

/** What a session asks of the hub. */
export interface SessionHost<P> {
  readonly bounds: SessionBounds;
  now(): number;
  /** The session has something to write at the next tick. */
  dirty(session: HubSession<P>): void;
  delivered(frames: number, bytes: number): void;
  closed(session: HubSession<P>, code: number): void;
}

export interface SessionListener {
  /** A text message, decoded. Calls come one at a time: the socket is not read while a returned promise is pending. */
  onText(text: string): void | Promise<void>;
  /** A binary message came; by default it counts as a bad frame. */
  onBinary?(): void;
  onClosed?(code: number): void;
}

/** One client: its socket, what it follows, and what it is owed. */
export class HubSession<P> implements Outlet {
  readonly id: string;
  principal: P;
  /** The close code, once nothing of the socket is left. */
  readonly closed: Promise<number>;
  readonly #host: SessionHost<P>;
  readonly #ws: WebSocket;
  readonly #writer: SocketWriter;
  readonly #followings = new Map<HubTopic, Following>();
  readonly #inbox: { data: RawData; binary: boolean }[] = [];
  #listener: SessionListener | undefined;
  #reading = false;
  #queue: Frame[] = [];
  #queuedBytes = 0;
  #congestedSince: number | undefined;
  #bad = 0;
  #answered = true;
  #closingSince: number | undefined;
  #over = false;

  constructor(id: string, socket: { ws: WebSocket; raw: Duplex }, principal: P, host: SessionHost<P>) {
    this.id = id;
    this.principal = principal;
    this.#host = host;
    this.#ws = socket.ws;
    this.#writer = createSocketWriter(socket.ws, socket.raw);
    this.#writer.onDrain(() => this.#drained());
    const { promise, resolve } = Promise.withResolvers<number>();
    this.closed = promise;
    this.#ws.on('message', (data, binary) => this.#received(data, binary));
    this.#ws.on('pong', () => (this.#answered = true));
    // ws closes by itself after a protocol error; its 'close' follows.
    this.#ws.on('error', () => {});
    this.#ws.on('close', (code) => {
      this.#end(code);
      resolve(code);
    });
  }

  /** Since when the socket has taken nothing, on the host's clock; undefined while it takes. */
  get congestedSince(): number | undefined {
    return this.#congestedSince;
  }

  /** Bytes made for this client that the system has not taken. */
  get outboxBytes(): number {
    return this.#queuedBytes + this.#writer.buffered();
  }

  /** Messages that came before this are handed over now. */
  handle(listener: SessionListener): void {
    this.#listener = listener;
    void this.#read();
  }

  /** A message to this client alone, in order with what its topics tell. */
  send(message: Uint8Array | string): void {
    if (this.#over) return;
    this.queue(encodeFrame(typeof message === 'string' ? Buffer.from(message) : message));
    this.wake();
  }

  /**
   * Tells the topic's state and then its changes. Following again starts anew. True when `resume` is good: the client goes on
   * from what it knows.
   */
  follow(topic: HubTopic, resume?: string): boolean {
    if (this.#over) return false;
    const { following, resumed } = topic.follow(this, resume);
    this.#followings.set(topic, following);
    return resumed;
  }

  /** `linger`: the topic stays for a while in case the client comes back. */
  unfollow(topic: HubTopic, linger = false): void {
    if (this.#followings.delete(topic)) topic.unfollow(this, linger);
  }

  /** Counts a frame that made no sense; closes the socket when there were too many. */
  countBadFrame(): void {
    this.#bad += 1;
    if (this.#bad >= this.#host.bounds.badFrames) this.close('badFrame');
  }

  close(reason: CloseReason, text: string = CLOSE_CODES[reason].text): void {
    if (this.#over || this.#ws.readyState !== this.#ws.OPEN) return;
    if (this.#congestedSince === undefined) this.#write();
    this.#closingSince = this.#host.now();
    // A close reason has at most 123 bytes (RFC 6455, 5.5).
    this.#ws.close(CLOSE_CODES[reason].code, Buffer.from(text).subarray(0, 123));
  }

  /** Since when a close that we asked for has not been answered. */
  get closingSince(): number | undefined {
    return this.#closingSince;
  }

  /** Without a closing handshake. */
  terminate(): void {
    this.#ws.terminate();
  }

  /** False when the last ping was not answered. */
  ping(): boolean {
    const answered = this.#answered;
    this.#answered = false;
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
    return answered;
  }

  room(): number {
    if (this.#over || this.#congestedSince !== undefined) return 0;
    return this.#host.bounds.highWaterBytes - this.#queuedBytes - this.#writer.buffered();
  }

  queue(frame: Frame): void {
    if (this.#over) return;
    this.#queue.push(frame);
    this.#queuedBytes += frame.bytes.length;
    this.#host.dirty(this);
  }

  wake(): void {
    if (!this.#over) this.#host.dirty(this);
  }

  /** Once a tick: everything owed, as far as the socket takes it, in one write. */
  serve(): void {
    if (this.#over || this.#congestedSince !== undefined) return;
    let owed = false;
    for (const [topic, following] of this.#followings) {
      if (following.over) this.#followings.delete(topic);
      else if (!following.live && !following.serve()) owed = true;
    }
    this.#write();
    if (owed && this.#congestedSince === undefined) this.#host.dirty(this);
  }

  #write(): void {
    if (this.#queue.length === 0) return;
    const frames = this.#queue;
    const bytes = this.#queuedBytes;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#writer.write(frames);
    this.#host.delivered(frames.length, bytes);
    if (this.#writer.buffered() >= this.#host.bounds.highWaterBytes) this.#congestedSince = this.#host.now();
    else void this.#read();
  }

  #drained(): void {
    if (this.#over || this.#congestedSince === undefined) return;
    this.#congestedSince = undefined;
    this.#host.dirty(this);
    void this.#read();
  }

  #received(data: RawData, binary: boolean): void {
    this.#answered = true;
    this.#inbox.push({ data, binary });
    void this.#read();
  }

  /** Hands over what came, until there is nothing left or too much is owed; whoever makes room calls again. */
  async #read(): Promise<void> {
    if (this.#reading || !this.#listener) return;
    this.#reading = true;
    while (!this.#over && this.#inbox.length > 0 && !this.#owesTooMuch()) {
      const next = this.#inbox.shift()!;
      const done = this.#handOver(next.data, next.binary);
      if (done) {
        this.#ws.pause();
        // What a room does not catch itself ends the session, not the process.
        await done.catch(() => this.close('internal'));
      }
    }
    this.#reading = false;
    if (this.#inbox.length > 0) this.#ws.pause();
    else if (this.#ws.isPaused) this.#ws.resume();
  }

  #owesTooMuch(): boolean {
    return this.#congestedSince !== undefined || this.#queuedBytes > this.#host.bounds.maxRepliesBytes;
  }

  #handOver(data: RawData, binary: boolean): Promise<void> | undefined {
    if (binary) {
      if (this.#listener?.onBinary) this.#listener.onBinary();
      else this.countBadFrame();
      return undefined;
    }
    return this.#listener?.onText(textOf(data)) ?? undefined;
  }

  #end(code: number): void {
    if (this.#over) return;
    this.#over = true;
    for (const topic of this.#followings.keys()) topic.unfollow(this, true);
    this.#followings.clear();
    this.#inbox.length = 0;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#listener?.onClosed?.(code);
    this.#host.closed(this, code);
  }
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString('utf8');
}
