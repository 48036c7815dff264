import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VERSION = '0.13.0';

export interface Websockify {
  readonly port: number;
  readonly pid: number;
  close(): void;
}

/** noVNC's own proxy, from PyPI into a folder of its own; says why when that cannot be. */
export async function startWebsockify(target: number): Promise<Websockify | string> {
  const folder = mkdtempSync(join(tmpdir(), 'krateyard-websockify-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const install = ['-m', 'pip', 'install', '--quiet', '--target', folder, `websockify==${VERSION}`];
  const { status } = spawnSync('python3', install, { stdio: 'ignore', timeout: 180_000 });
  if (status !== 0) {
    remove();
    return `pip could not install websockify ${VERSION}`;
  }
  const port = await freePort();
  const args = ['-m', 'websockify', `127.0.0.1:${port}`, `127.0.0.1:${target}`];
  const child = spawn('python3', args, {
    env: { ...process.env, PYTHONPATH: folder },
    stdio: 'ignore',
    detached: true,
  });
  const close = (): void => {
    // It has a process for each connection.
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
    remove();
  };
  for (let tries = 0; tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.destroy();
      return { port, pid: child.pid!, close };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  close();
  return `websockify ${VERSION} did not listen`;
}

/** One that nobody listens at, not below `from`. */
export async function freePort(from = 0): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    if (port > from) return port;
  }
}
