import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answers a handshake that was found good; what follows on the connection are frames. `head`: those that have come already. */
export function switchProtocols(
  connection: Duplex,
  head: Buffer,
  { key, protocol }: { readonly key: string; readonly protocol: string | false },
): void {
  const accept = createHash('sha1')
    .update(key + ACCEPT_GUID)
    .digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol === false ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
  ];
  if (connection instanceof Socket) connection.setTimeout(0).setNoDelay();
  if (!connection.destroyed) connection.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) connection.unshift(head);
}
