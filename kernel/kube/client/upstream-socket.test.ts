import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import type { WebSocket } from 'ws';
import { socketServer } from '../test-servers/socket-server.ts';
import { turn } from '../test-servers/until.ts';
import type { Client } from './client.ts';
import type { UpstreamSocket } from './upstream-socket.ts';

const MESSAGE_BYTES = 33_000;
const MESSAGES = 60;

function open(client: Client, path: string): Promise<UpstreamSocket> {
  return client.openSocket({ path, protocols: ['one'], signal: new AbortController().signal });
}

const messageOf = (path: string, index: number): Buffer => Buffer.alloc(MESSAGE_BYTES, `${path} ${index};`);

const allOf = (path: string): Buffer =>
  Buffer.concat(Array.from({ length: MESSAGES }, (_, index) => messageOf(path, index)));

/** Says it at once: some of it is here before anybody listens. */
function sayAll(ws: WebSocket, { url = '' }: IncomingMessage): void {
  for (let index = 0; index < MESSAGES; index += 1) ws.send(messageOf(url, index));
  ws.close(1000);
}

function partsOf(socket: UpstreamSocket): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const parts: Buffer[] = [];
  socket.listenToParts({
    onPart: ({ bytes }) => parts.push(Buffer.from(bytes)),
    onWritable: () => {},
    onClosed: (code, error) =>
      code === 1000 ? resolve(Buffer.concat(parts)) : reject(error ?? new Error(`${code}`)),
  });
  return promise;
}

function messagesOf(socket: UpstreamSocket): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const messages: Buffer[] = [];
  socket.listen({
    onMessage: (bytes) => {
      assert.equal(bytes.length, MESSAGE_BYTES);
      messages.push(bytes);
    },
    onWritable: () => {},
    onClosed: (code, error) =>
      code === 1000 ? resolve(Buffer.concat(messages)) : reject(error ?? new Error(`${code}`)),
  });
  return promise;
}

for (const tls of [false, true]) {
  test(`[KC25] over ${tls ? 'TLS' : 'TCP'}: sockets side by side each say their own, in parts and in messages that are kept`, async (t) => {
    const client = await socketServer(t, sayAll, { tls });
    const paths = ['/parts/1', '/messages/1', '/parts/2', '/messages/2', '/parts/3'];
    const sockets = await Promise.all(paths.map((path) => open(client, path)));
    for (let count = 0; count < 20; count += 1) await turn();
    const heard = await Promise.all(
      sockets.map((socket, index) =>
        paths[index]!.startsWith('/parts') ? partsOf(socket) : messagesOf(socket),
      ),
    );
    for (const [index, path] of paths.entries()) assert.ok(heard[index]!.equals(allOf(path)), path);
  });
}

test('[KC25] a server that breaks the protocol, or says too much in one message, is cut off and why is told', async (t) => {
  const say = (ws: WebSocket, { url }: IncomingMessage): void => {
    if (url === '/long') ws.send(Buffer.alloc(17 << 20));
    // The end that clients have masks its frames.
    else
      (ws as unknown as { _socket: NodeJS.WritableStream })._socket.write(Buffer.of(0x82, 0x80, 1, 2, 3, 4));
  };
  const client = await socketServer(t, say, { tls: true });
  for (const [path, why] of [
    ['/long', /too long/],
    ['/masked', /masked/],
  ] as const) {
    await assert.rejects(messagesOf(await open(client, path)), why);
  }
});
