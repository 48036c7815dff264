/**
 * A machine's VNC server, made up: 1280 × 720, over TCP as QEMU's or over WebSockets as KubeVirt's. A request for an area 65,535 wide is a flood of raw frames that never ends; other
 * requests are answered when there is something new: every so many ms (33 unless told) a part like text, and after each key one pixel
 * at once.
 */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';

const WIDTH = 1280;
const HEIGHT = 720;
const FRAME_MS = Number(process.argv[2] ?? 33);
/** API servers send 32 KiB at a time. */
const FRAME_BYTES = 32 * 1024;
const PART = { x: 128, y: 64, width: 512, height: 192 };

/** Whoever looks, by TCP or by WebSocket. */
interface Viewer {
  readonly socket: Socket;
  write(bytes: Buffer): void;
  listen(onBytes: (bytes: Buffer) => void): void;
  /** The same bytes as they go over the wire. */
  readonly wire: (bytes: Buffer) => Buffer;
}

let connections = 0;
const overTcp = createServer((socket) => {
  serve({
    socket: socket.setNoDelay(),
    write: (bytes) => void socket.write(bytes),
    listen: (onBytes) => void socket.on('data', onBytes),
    wire: (bytes) => bytes,
  });
});
const overHttp = createHttpServer();
const sockets = new WebSocketServer({ server: overHttp, perMessageDeflate: false });
sockets.on('connection', (ws, { socket }) => {
  serve({
    socket,
    write: (bytes) => ws.send(bytes),
    listen: (onBytes) => void ws.on('message', onBytes),
    wire: inFrames,
  });
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
const server = process.argv.includes('websocket') ? overHttp : overTcp;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send!({ port: (server.address() as AddressInfo).port });
process.on('message', () => process.send!(connections));

function serve(viewer: Viewer): void {
  const { socket } = viewer;
  connections += 1;
  socket.on('error', () => {});
  let bytes = Buffer.alloc(0);
  let phase = 0;
  let wanted = false;
  let fresh: Buffer | undefined = whole();
  let keys = 0;
  const tell = (): void => {
    if (!wanted || !fresh) return;
    wanted = false;
    viewer.write(fresh);
    fresh = undefined;
  };
  const timer = setInterval(() => {
    fresh ??= part();
    tell();
  }, FRAME_MS);
  socket.once('close', () => clearInterval(timer));
  viewer.write(Buffer.from('RFB 003.008\n'));
  const take = (count: number): Buffer | undefined => {
    if (bytes.length < count) return undefined;
    const taken = bytes.subarray(0, count);
    bytes = bytes.subarray(count);
    return taken;
  };
  const shake = (): boolean => {
    const size = phase === 0 ? 12 : 1;
    if (!take(size)) return false;
    phase += 1;
    if (phase === 1) viewer.write(Buffer.from([1, 1]));
    else if (phase === 2) viewer.write(Buffer.alloc(4));
    else viewer.write(serverInit());
    return true;
  };
  const hear = (): boolean => {
    const size = { 0: 20, 2: 4, 3: 10, 4: 8, 5: 6 }[bytes[0] ?? -1];
    if (size === undefined) {
      if (bytes.length > 0) socket.destroy();
      return false;
    }
    const length = bytes[0] === 2 && bytes.length >= 4 ? 4 + 4 * bytes.readUInt16BE(2) : size;
    const message = take(length);
    if (!message) return false;
    if (message[0] === 3 && message.readUInt16BE(6) === 65_535) flood(viewer);
    else if (message[0] === 3) {
      wanted = true;
      if (message[1] === 0) fresh = whole();
    } else if (message[0] === 4) {
      keys += 1;
      fresh = rectangle(0, 0, 1, 1, () => keys * 0x1_0101);
    }
    tell();
    return true;
  };
  viewer.listen((chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (phase < 3 ? shake() : hear());
  });
}

function serverInit(): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt16BE(WIDTH, 0);
  bytes.writeUInt16BE(HEIGHT, 2);
  bytes.set([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0], 4);
  bytes.writeUInt32BE(4, 20);
  bytes.write('made', 24);
  return bytes;
}

function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  colour: (at: number) => number,
): Buffer {
  const bytes = Buffer.alloc(16 + width * height * 4);
  bytes.writeUInt16BE(1, 2);
  [x, y, width, height].forEach((value, index) => bytes.writeUInt16BE(value, 4 + 2 * index));
  for (let at = 0; at < width * height; at += 1) bytes.writeUInt32LE(colour(at) & 0xff_ffff, 16 + at * 4);
  return bytes;
}

/** Black on white with some colour, as much as text covers. */
const text = (at: number, seed: number): number =>
  Math.imul(at + seed, 0x9e37_79b1) >>> 29 === 0 ? (at % 7 === 0 ? 0x20_60c0 : 0) : 0xff_ffff;
let seed = 1;
const whole = (): Buffer => rectangle(0, 0, WIDTH, HEIGHT, (at) => text(at, seed));
function part(): Buffer {
  seed += 12_345;
  return rectangle(PART.x, PART.y, PART.width, PART.height, (at) => text(at, seed));
}

/** Made once: what it costs is what the system asks for. */
function flood({ socket, wire }: Viewer): void {
  const frame = wire(whole());
  const pour = (): void => {
    while (!socket.destroyed && socket.write(frame));
  };
  socket.on('drain', pour);
  pour();
}

function inFrames(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += FRAME_BYTES) {
    const payload = bytes.subarray(at, at + FRAME_BYTES);
    pieces.push(Buffer.from([0x82, 126, payload.length >> 8, payload.length & 0xff]), payload);
  }
  return Buffer.concat(pieces);
}
