import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterHandshake, handshakeWords } from './shaken.ts';

const READ_BYTES = 1 << 20;

/**
 * The cheapest viewer there is, so that what is measured is what stands before it: counts bytes and understands none. `webSocket` says how
 * it speaks; the handshake of RFB is sent without looking at the answers.
 */
export class RawReader {
  readonly #socket: Socket;
  readonly #webSocket: boolean;
  received = 0;
  #wake = (): void => {};

  private constructor(socket: Socket, webSocket: boolean) {
    this.#socket = socket;
    this.#webSocket = webSocket;
  }

  static async open(port: number, webSocket: boolean): Promise<RawReader> {
    let [hear, head]: [(bytes: Buffer) => void, Buffer] = [() => {}, Buffer.alloc(0)];
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      // Read over and over into the same place, without an event: this is not what is measured.
      onread: {
        buffer: Buffer.alloc(READ_BYTES),
        callback: (count, bytes) => {
          hear(Buffer.from(bytes.buffer, bytes.byteOffset, count));
          return true;
        },
      },
    });
    socket.on('error', () => {});
    await once(socket, 'connect');
    const reader = new RawReader(socket, webSocket);
    if (webSocket) {
      const answered = new Promise<void>((resolve) => {
        hear = (bytes) => {
          head = Buffer.concat([head, bytes]);
          if (afterHandshake(head)) resolve();
        };
      });
      socket.write(handshakeWords());
      await answered;
      reader.received += afterHandshake(head)!.length;
    }
    hear = ({ length }) => {
      reader.received += length;
      reader.#wake();
    };
    await reader.more(0);
    for (const words of ['RFB 003.008\n', '\x01', '\x01']) {
      const before = reader.received;
      reader.send(Buffer.from(words));
      await reader.more(before);
    }
    // Version, security, its result and ServerInit come in pieces.
    await new Promise((resolve) => setTimeout(resolve, 200));
    return reader;
  }

  send(payload: Buffer): void {
    this.#socket.write(this.#framed(payload));
  }

  /** The same many times, each in a frame of its own. */
  async sendMany(payload: Buffer, times: number): Promise<void> {
    const frames = Buffer.concat(Array.from({ length: 1000 }, () => this.#framed(payload)));
    for (let sent = 0; sent < times; sent += 1000)
      if (!this.#socket.write(frames)) await once(this.#socket, 'drain');
  }

  #framed(payload: Buffer): Buffer {
    if (!this.#webSocket) return payload;
    // A key of zeros masks nothing.
    return Buffer.concat([Buffer.from([0x82, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
  }

  /** Wants changes, once; or the whole, changed or not. */
  ask(width: number, how: { readonly whole: boolean } = { whole: false }): void {
    const bytes = Buffer.alloc(10);
    bytes.set([3, how.whole ? 0 : 1]);
    bytes.writeUInt16BE(width, 6);
    bytes.writeUInt16BE(how.whole ? 0xffff : 1, 8);
    this.send(bytes);
  }

  async more(than: number): Promise<void> {
    while (this.received <= than) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.destroy();
  }
}
