import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Status } from '@krateyard/status/status-error';
import { SECURITY_HEADERS } from './security-headers.ts';

/** Answers an upgrade request with an HTTP status and a Status body, and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: Status, requestId: string): void {
  const body = Buffer.from(JSON.stringify(status));
  const retryAfter = status.details?.retryAfterSeconds;
  const lines = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code] ?? 'Error'}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    `X-Request-Id: ${requestId}`,
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    ...(retryAfter === undefined ? [] : [`Retry-After: ${retryAfter}`]),
    ...(status.code === 401 ? ['WWW-Authenticate: Bearer realm="krateyard"'] : []),
  ];
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.once('finish', () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
}
