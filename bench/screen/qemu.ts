import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from './websockify.ts';

export interface Qemu {
  /** Of RFB over TCP, and of the same over WebSockets: QEMU speaks both. */
  readonly port: number;
  readonly webSocketPort: number;
  readonly pid: number;
  close(): void;
}

const QEMU = 'qemu-system-x86_64';
const VNC_PORTS = 5900;

/** QEMU with nothing to boot and its screen; undefined where it is not installed. */
export async function startQemu(): Promise<Qemu | undefined> {
  if (spawnSync(QEMU, ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  const port = await freePort(VNC_PORTS);
  const webSocketPort = await freePort();
  const vnc = `127.0.0.1:${port - VNC_PORTS},websocket=${webSocketPort},share=ignore`;
  const args = ['-accel', 'tcg', '-m', '16', '-nodefaults', '-vga', 'std', '-display', 'none', '-vnc', vnc];
  const child = spawn(QEMU, args, { stdio: 'ignore' });
  await reachable(port, child);
  return { port, webSocketPort, pid: child.pid!, close: () => child.kill('SIGKILL') };
}

async function reachable(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; child.exitCode === null && tries < 100; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return void socket.destroy();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  child.kill('SIGKILL');
  throw new Error(`${QEMU} did not listen`);
}
