import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** The first word of a WebSocket's client. */
export function handshakeWords(): string {
  const key = randomBytes(16).toString('base64');
  return (
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
    `Sec-WebSocket-Protocol: binary\r\nSec-WebSocket-Key: ${key}\r\n\r\n`
  );
}

/** What stands after the server's answer; undefined while that is not whole. Throws for a refusal. */
export function afterHandshake(bytes: Buffer): Buffer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const words = bytes.toString('latin1', 0, end);
  if (!words.startsWith('HTTP/1.1 101')) throw new Error(words);
  return bytes.subarray(end + 4);
}

/** Makes a WebSocket of a connection, as its client; what follows are frames. */
export async function shaken(socket: Socket): Promise<void> {
  socket.write(handshakeWords());
  let bytes = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
    const rest = afterHandshake(bytes);
    if (!rest) continue;
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    return;
  }
}
