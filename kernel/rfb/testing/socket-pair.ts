import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Both ends of a TCP connection. */
export async function socketPair(t: TestContext): Promise<{ near: net.Socket; far: net.Socket }> {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [net.Socket];
  if (near.connecting) await once(near, 'connect');
  server.close();
  for (const socket of [near, far]) socket.setNoDelay().on('error', () => {});
  t.after(() => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}
