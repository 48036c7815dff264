import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Computer, ComputerOptions, ScreenPort, ScreenViewer } from '../computer.ts';
import { bootDisk } from './boot-sector.ts';
import { Qmp } from './qmp.ts';

/** SeaBIOS and one sector need little. */
const MEMORY_MB = 16;
const LOOK_MS = 50;
/** On a busy machine QEMU takes its time to open its sockets. */
const START_MS = 30_000;
/** What a viewer may have waiting for QEMU: a long paste. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Becomes QEMU, after it has left somebody behind who reads the sandbox's pipe: a line says that all is well, an end without one that
 * the sandbox was killed. Then QEMU goes, and its folder (`$0`). Signals for the sandbox's whole group are not for whoever cleans up.
 */
const TIED = `(trap '' HUP INT TERM; read -r _ <&3 || { kill -KILL $$; rm -rf "$0"; }) >/dev/null 2>&1 & exec "$@" 3<&-`;

/** To a QEMU that runs. */
interface Lines {
  readonly qmp: Qmp;
  readonly serial: Socket;
}

/** Where machines are counted. */
export interface Places {
  /** Throws when there is no room. */
  enter(guest: QemuGuest): void;
  leave(guest: QemuGuest): void;
}

/** QEMU without KVM and without a network, on a disk of one sector. Its sockets are in a folder of its own, which goes with it. */
export class QemuGuest implements Computer {
  readonly name: string;
  onOff: (why?: string) => void = () => {};
  readonly #options: ComputerOptions;
  readonly #program: string;
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  readonly #places: Places;
  #folder = '';
  #child: ChildProcess | undefined;
  #ready: Promise<Lines> | undefined;
  #stopped = false;
  #shots = 0;

  constructor(program: string, options: ComputerOptions, places: Places) {
    this.name = options.name;
    this.#program = program;
    this.#options = options;
    this.#places = places;
  }

  powerOn(): void {
    if (this.#child) return;
    try {
      this.#places.enter(this);
    } catch (error) {
      // Whoever switches it on listens afterwards.
      this.#options.after(0, () => this.#over((error as Error).message));
      return;
    }
    this.#folder = mkdtempSync(join(tmpdir(), 'krateyard-guest-'));
    writeFileSync(this.#path('disk'), bootDisk());
    const child = spawn('/bin/sh', ['-c', TIED, this.#folder, this.#program, ...this.#words()], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const tie = child.stdio[3] as Socket;
    tie.on('error', () => {}).resume();
    child.once('exit', () => tie.end('\n'));
    let complaint = '';
    child.stderr!.on('data', (bytes: Buffer) => (complaint = (complaint + bytes.toString()).slice(-500)));
    child.once('error', (error) => this.#over(error.message));
    child.once('close', (code) =>
      this.#over(code === 0 ? undefined : `QEMU ended with ${code}: ${complaint}`),
    );
    this.#ready = this.#connect();
    this.#ready.catch((error: unknown) => {
      if (!this.#stopped) this.#over((error as Error).message);
    });
  }

  reset(): void {
    this.#ask('system_reset');
  }

  powerButton(then: 'off' | 'reboot' = 'off'): void {
    this.#ask(then === 'off' ? 'system_powerdown' : 'system_reset');
  }

  pause(paused: boolean): void {
    this.#ask(paused ? 'stop' : 'cont');
  }

  cut(): void {
    this.onOff = () => {};
    this.#over(undefined);
  }

  onSerial(listener: (bytes: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  typeSerial(bytes: Uint8Array): void {
    void this.#ready?.then(
      ({ serial }) => {
        if (serial.writableLength < MAX_WAITING_BYTES) serial.write(bytes);
      },
      () => {},
    );
  }

  openScreen(viewer: ScreenViewer): ScreenPort {
    const early: Uint8Array[] = [];
    let [socket, closed, waiting]: [Socket | undefined, boolean, number] = [undefined, false, 0];
    const open = async (): Promise<void> => {
      await this.#ready;
      if (closed) return;
      const own = connect(this.#path('vnc'));
      socket = own;
      for (const bytes of early.splice(0)) own.write(bytes);
      own.on('error', () => {}).once('close', () => viewer.end());
      own.on('data', (bytes) => {
        own.pause();
        void viewer.send(bytes).then(() => own.resume());
      });
    };
    void open().catch(() => viewer.end());
    const wait = (bytes: Uint8Array): void => {
      if (closed) return;
      early.push(bytes);
      waiting += bytes.length;
      closed = waiting > MAX_WAITING_BYTES;
      if (closed) viewer.end();
    };
    return {
      received: (bytes) => {
        if (!socket) wait(bytes);
        else if (socket.writableLength > MAX_WAITING_BYTES) socket.destroy();
        else socket.write(bytes);
      },
      close: () => {
        closed = true;
        socket?.destroy();
      },
    };
  }

  async screenshot(): Promise<Buffer> {
    if (!this.#ready) throw new Error('the machine is off');
    const { qmp } = await this.#ready;
    const filename = this.#path(`shot-${(this.#shots += 1)}.png`);
    await qmp.ask('screendump', { filename, format: 'png' });
    try {
      return await readFile(filename);
    } finally {
      rmSync(filename, { force: true });
    }
  }

  /** It waits for `cont`, so that nobody misses its first words. */
  #words(): string[] {
    const valued = {
      name: this.name.replaceAll(',', ',,'),
      machine: 'pc,accel=tcg',
      m: String(MEMORY_MB),
      vga: 'std',
      display: 'none',
      drive: `file=${this.#path('disk')},format=raw,if=ide`,
      vnc: `unix:${this.#path('vnc')}`,
      chardev: `socket,id=serial,path=${this.#path('serial')},server=on,wait=off`,
      serial: 'chardev:serial',
      qmp: `unix:${this.#path('qmp')},server=on,wait=off`,
    };
    const words = Object.entries(valued).flatMap(([name, value]) => [`-${name}`, value]);
    return ['-S', '-no-user-config', '-nodefaults', ...words];
  }

  async #connect(): Promise<Lines> {
    const { clock } = this.#options;
    const deadline = clock.monotonic() + START_MS;
    for (;;) {
      try {
        return await this.#open();
      } catch (error) {
        if (this.#stopped || clock.monotonic() > deadline) throw error;
        await new Promise<void>((resolve) => this.#options.after(LOOK_MS, resolve));
      }
    }
  }

  /** Keeps neither line where it cannot have both: QEMU talks QMP with one at a time. */
  async #open(): Promise<Lines> {
    const qmp = await Qmp.open(this.#path('qmp'), this.#options.after);
    const serial = connect(this.#path('serial'));
    const close = (): void => {
      qmp.close();
      serial.destroy();
    };
    try {
      await once(serial, 'connect');
      serial
        .on('error', () => {})
        .on('data', (bytes) => {
          for (const listener of this.#listeners) listener(bytes);
        });
      await qmp.ask('cont');
    } catch (error) {
      close();
      throw error;
    }
    this.#child?.once('close', close);
    return { qmp, serial };
  }

  #ask(command: string): void {
    // Whoever is off hears nothing.
    void this.#ready?.then(({ qmp }) => qmp.ask(command)).catch(() => {});
  }

  #over(why: string | undefined): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#child?.kill('SIGKILL');
    if (this.#folder !== '') rmSync(this.#folder, { recursive: true, force: true });
    this.#places.leave(this);
    this.onOff(why);
  }

  #path(file: string): string {
    return join(this.#folder, file);
  }
}
