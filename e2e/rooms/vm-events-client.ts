import { WebSocket } from 'ws';
import { pollUntil } from '../harness/poll-until.ts';
import { whenOpen } from '../harness/when-open.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person } from './room-fixture.ts';

/** A client of `/api/ws` that keeps every frame. */
export class VmEventsClient {
  readonly frames: Wire[] = [];
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const closed = Promise.withResolvers<number>();
    this.closed = closed.promise;
    socket.on('message', (message: Buffer) => this.frames.push(JSON.parse(message.toString()) as Wire));
    socket.on('close', (code) => closed.resolve(code));
    socket.on('error', () => {});
  }

  /** Rejects with RefusedUpgrade. */
  static async open(origin: string, who: Person, query = ''): Promise<VmEventsClient> {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/ws${query}`, {
      headers: { authorization: `Bearer ${who.token}` },
    });
    const client = new VmEventsClient(socket);
    await whenOpen(socket, 'the events');
    return client;
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** Reads nothing any more. */
  stall(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.terminate();
  }

  /** Updates of one resource: action and name. */
  told(resource: string, frames: readonly Wire[] = this.frames): string[] {
    return frames
      .filter((frame) => frame.type === 'update' && frame.resource === resource)
      .map(({ action, data }) => `${action as string} ${data.name as string}`);
  }

  /** Updates of one resource up to where all there is was told. */
  toldFirst(resource: string): string[] {
    return this.told(
      resource,
      this.frames.slice(
        0,
        this.frames.findIndex(({ type }) => type === 'synced'),
      ),
    );
  }

  until(what: string, wanted: (frame: Wire) => boolean, deadlineMs = 60_000): Promise<Wire> {
    return pollUntil(what, () => this.frames.find((frame) => wanted(frame)), { deadlineMs });
  }
}
