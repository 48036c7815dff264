import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

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
    const socket = connect(port, '127.0.0.1').setNoDelay();
    socket.on('error', () => {});
    await once(socket, 'connect');
    const reader = new RawReader(socket, webSocket);
    if (webSocket) await upgrade(socket);
    socket.on('data', (chunk) => {
      reader.received += chunk.length;
      reader.#wake();
    });
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

  /** Wants changes, once. */
  ask(width: number): void {
    const bytes = Buffer.alloc(10);
    bytes.set([3, 1]);
    bytes.writeUInt16BE(width, 6);
    bytes.writeUInt16BE(1, 8);
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

async function upgrade(socket: Socket): Promise<void> {
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Protocol: binary\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    head += chunk.toString('latin1');
  }
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(head.split('\r\n')[0]);
}
