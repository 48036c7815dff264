import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Below the ports that Linux (from 32768) and macOS (from 49152) give by themselves, to listeners on port 0 and to every
 * connection: one of theirs would be gone before whoever is to have it listens, or while it is away for a restart.
 */
const FIRST = 10_000;
const COUNT = 22_000;

/** A port of this machine for somebody who starts later, and may start again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenedOn(FIRST + Math.floor(Math.random() * COUNT));
    if (port !== undefined) return port;
  }
}

async function listenedOn(wanted: number): Promise<number | undefined> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
