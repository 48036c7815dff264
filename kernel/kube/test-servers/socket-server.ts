import { once } from 'node:events';
import { createServer as createPlainServer, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Client } from '../client/client.ts';
import { createClient } from '../client/create-client.ts';
import { createTestCertificates } from './test-certificates.ts';
import { testConfig } from './test-config.ts';

export interface SocketServerOptions {
  readonly tls?: boolean | undefined;
  /** Subprotocols, the best first; absent: what is offered. */
  readonly speaks?: readonly string[] | undefined;
}

/** A client of a server that accepts every WebSocket. Both go with the test. */
export async function socketServer(
  t: TestContext,
  onSocket: (ws: WebSocket, request: IncomingMessage) => void,
  { tls, speaks }: SocketServerOptions = {},
): Promise<Client> {
  const certificates = tls ? createTestCertificates() : undefined;
  const server = certificates ? createServer(certificates.server) : createPlainServer();
  const handleProtocols = (offered: Set<string>): string | false =>
    (speaks ?? [...offered]).find((each) => offered.has(each)) ?? false;
  const sockets = new WebSocketServer({ server, handleProtocols });
  sockets.on('connection', (ws, request) => {
    ws.on('error', () => {});
    onSocket(ws, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const at = { server: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, ca: certificates?.ca };
  const client = createClient({ config: testConfig(at, { token: 's3cret' }) });
  t.after(async () => {
    await client.close();
    for (const ws of sockets.clients) ws.terminate();
    sockets.close();
    server.close();
  });
  return client;
}
