import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClock } from '@krateyard/telemetry/clock';
import { silentLogger } from '@krateyard/telemetry/logger';
import { connectRfb } from './connect-rfb.ts';
import { PaintedScreen } from './painted-screen.ts';
import { socketLink } from './socket-link.ts';
import { frame } from './testing/connected.ts';

const QEMU = 'qemu-system-x86_64';
const skip = spawnSync(QEMU, ['--version']).status === 0 ? false : `${QEMU} is not on PATH`;
const DEADLINE_MS = 60_000;

/** A machine without a disk, whose firmware says so on a screen of 720 × 400, and its VNC server's socket. */
async function machine(t: TestContext): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'krateyard-qemu-'));
  const socket = path.join(folder, 'vnc');
  const child = spawn(
    QEMU,
    [
      '-display',
      'none',
      '-vnc',
      `unix:${socket}`,
      '-m',
      '32',
      '-nodefaults',
      '-vga',
      'std',
      '-machine',
      'accel=tcg',
    ],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  t.after(async () => {
    if (child.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });
  return socket;
}

async function dial(file: string, signal: AbortSignal): Promise<net.Socket> {
  for (;;) {
    signal.throwIfAborted();
    const socket = net.connect(file);
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      await systemClock.sleep(50, signal);
    }
  }
}

/** Until the firmware has written its complaint: so many bright pixels. */
async function untilWritten(screen: PaintedScreen): Promise<void> {
  while (screen.pixels.filter((byte, index) => index % 4 === 1 && byte > 100).length < 2_000)
    await frame(screen);
}

test(
  '[RF1] [RF3] QEMU’s own server is painted, over two connections',
  { skip, timeout: DEADLINE_MS },
  async (t) => {
    const file = await machine(t);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const screen = new PaintedScreen();
    const options = { screen, signal, clock: systemClock, logger: silentLogger };
    const first = await connectRfb(socketLink(await dial(file, signal)), options);
    assert.equal(first.name, 'QEMU');
    await untilWritten(screen);
    assert.deepEqual([screen.width, screen.height], [720, 400]);
    first.send({ type: 'key', down: true, keysym: 0x20, scancode: 57 });
    first.releaseAll();
    first.close();
    await first.ended;
    const seen = screen.pixels.slice();
    screen.pixels.fill(77);
    const second = await connectRfb(socketLink(await dial(file, signal)), options);
    while (screen.pixels.some((byte, index) => index % 4 === 0 && byte === 77)) await frame(screen);
    const cursor = 9 * 16;
    const different = seen.reduce(
      (sum, byte, at) => sum + (at % 4 !== 3 && byte !== screen.pixels[at] ? 1 : 0),
      0,
    );
    assert.ok(different <= cursor * 3, `${different} bytes differ, more than a cursor that blinks`);
    second.close();
    await second.ended;
  },
);
