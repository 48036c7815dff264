import type { ExecSession } from '../../life/pod-runtime.ts';
import { openExec } from '../../life/shell/exec-session.ts';
import { Machine } from '../../life/shell/machine.ts';
import type { Computer, ComputerOptions, ScreenPort, ScreenViewer } from './computer.ts';
import { Framebuffer, PALETTE } from './framebuffer.ts';
import { encodePng } from './png.ts';
import { RfbServer, type Display } from './rfb-server.ts';
import { TextScreen } from './text-screen.ts';

const FIRMWARE_MS = 400;
const KERNEL_MS = 900;
const SHUTDOWN_MS = 300;
/** Changes within this are one for viewers. */
const FRAME_MS = 40;
/** Pixels a cell is wide: 640 × 400 while the firmware has the screen, then VGA's 720 × 400. */
const FIRMWARE_CELL = 8;
const TEXT_CELL = 9;

type Power = 'off' | 'firmware' | 'kernel' | 'up' | 'down';

/** A terminal of the guest: the serial port, or screen and keyboard. */
interface Line {
  session: ExecSession | undefined;
  readonly out: (bytes: Buffer) => void;
}

/**
 * A small computer that boots into a shell on its screen and on its serial port. The shell is the sandbox's own, on files that
 * live as long as the guest is on.
 */
export class Guest implements Computer {
  readonly name: string;
  onOff: (why?: string) => void = () => {};
  readonly #options: ComputerOptions;
  readonly #screen = new TextScreen();
  readonly #serialListeners = new Set<(bytes: Uint8Array) => void>();
  readonly #screenListeners = new Set<() => void>();
  readonly #lines: readonly [serial: Line, screen: Line];
  #machine: Machine | undefined;
  #frame: Framebuffer;
  #power: Power = 'off';
  #paused = false;
  #held: (() => void)[] = [];
  #cancel: (() => void) | undefined;
  #cancelFrame: (() => void) | undefined;

  constructor(options: ComputerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#frame = new Framebuffer(this.#screen, FIRMWARE_CELL);
    this.#lines = [
      { session: undefined, out: (bytes) => this.#toSerial(bytes) },
      { session: undefined, out: (bytes) => this.#toScreen(bytes.toString('utf8')) },
    ];
  }

  get isUp(): boolean {
    return this.#power === 'up';
  }

  get display(): Display {
    return {
      name: `QEMU (${this.name})`,
      frame: () => this.#drawn(),
      onChange: (listener) => {
        this.#screenListeners.add(listener);
        return () => this.#screenListeners.delete(listener);
      },
      typed: (text) => this.#type(1, Buffer.from(text)),
      restart: () => this.reset(),
    };
  }

  openScreen(viewer: ScreenViewer): ScreenPort {
    return new RfbServer(this.display, (bytes) => viewer.send(bytes));
  }

  screenshot(): Promise<Buffer> {
    const { width, height, pixels } = this.#drawn();
    return Promise.resolve(encodePng({ width, height, pixels, palette: PALETTE }));
  }

  powerOn(): void {
    if (this.#power !== 'off') return;
    this.#boot();
  }

  /** As the reset button: nothing is saved. */
  reset(): void {
    if (this.#power === 'off') return;
    this.#halt();
    this.#boot();
  }

  /** As the power button, or `poweroff`: it shuts down by itself and calls `onOff`. */
  powerButton(then: 'off' | 'reboot' = 'off'): void {
    if (this.#power === 'off' || this.#power === 'down') return;
    this.#power = 'down';
    this.#print(then === 'off' ? '\nThe system is going down NOW!\n' : '\nRestarting system.\n');
    this.#cancel?.();
    this.#cancel = this.#options.after(SHUTDOWN_MS, () => {
      this.#print(then === 'off' ? 'reboot: Power down\n' : '');
      this.#halt();
      if (then === 'off') this.onOff();
      else this.#boot();
    });
  }

  /** As pulling the plug; `onOff` is not called. */
  cut(): void {
    this.#halt();
    this.#cancelFrame?.();
    this.#cancelFrame = undefined;
  }

  /** Holds all output and input still. */
  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) return;
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
  }

  /** What the serial port says from now on; the disposer ends it. */
  onSerial(listener: (bytes: Uint8Array) => void): () => void {
    this.#serialListeners.add(listener);
    return () => this.#serialListeners.delete(listener);
  }

  typeSerial(bytes: Uint8Array): void {
    this.#type(0, bytes);
  }

  /** What stands on the screen. */
  screenText(): string {
    return this.#screen.text();
  }

  #boot(): void {
    this.#power = 'firmware';
    this.#screen.clear();
    this.#frame = new Framebuffer(this.#screen, FIRMWARE_CELL);
    this.#print(`Krateyard BIOS (simulated)\n\n${this.name}: booting from hard disk\n`);
    this.#cancel = this.#options.after(FIRMWARE_MS, () => {
      this.#power = 'kernel';
      this.#screen.clear();
      this.#frame = new Framebuffer(this.#screen, TEXT_CELL);
      this.#print(
        '[    0.000000] Linux version 6.12.0-yard (simulated)\n[    0.204113] Console: colour VGA+ 80x25\n',
      );
      this.#cancel = this.#options.after(KERNEL_MS, () => this.#login());
    });
  }

  #login(): void {
    this.#power = 'up';
    const { name } = this.#options;
    this.#print(
      `[    1.100482] Run /sbin/init as init process\n\nKrateyard guest ${name}, automatic login\n\n`,
    );
    this.#machine = new Machine(
      {
        env: { PATH: '/usr/bin:/bin:/sbin', HOME: '/root', HOSTNAME: name, TERM: 'vt100' },
        hostname: name,
        workingDir: '/root',
        files: {
          '/etc/hostname': `${name}\n`,
          '/etc/os-release':
            'NAME="Krateyard guest"\nID=krateyard-guest\nPRETTY_NAME="Krateyard guest (simulated)"\n',
        },
      },
      this.#options.clock,
      (action) => this.powerButton(action),
    );
    for (const line of this.#lines) this.#openShell(line, this.#machine);
  }

  /** Whoever leaves the shell gets another, as from a getty. */
  #openShell(line: Line, machine: Machine): void {
    const session = openExec(
      machine,
      { container: 'guest', command: ['bash'], stdin: true, stdout: true, stderr: false, tty: true },
      { shellLess: false },
    );
    line.session = session;
    session.resize(this.#screen.columns, this.#screen.rows);
    session.stdout.on('data', (bytes: Buffer) => this.#whenRunning(() => line.out(bytes)));
    void session.exited.then(() => {
      if (this.#machine === machine && line.session === session) this.#openShell(line, machine);
    });
  }

  #halt(): void {
    this.#power = 'off';
    this.#cancel?.();
    this.#cancel = undefined;
    this.#held = [];
    const machine = this.#machine;
    this.#machine = undefined;
    for (const line of this.#lines) line.session = undefined;
    machine?.destroy();
  }

  #type(line: 0 | 1, bytes: Uint8Array): void {
    this.#whenRunning(() => this.#lines[line].session?.stdin.write(Buffer.from(bytes)));
  }

  /** Keys that wait while the guest is paused; a few, as a keyboard has. */
  #whenRunning(run: () => void): void {
    if (!this.#paused) run();
    else if (this.#held.length < 256) this.#held.push(run);
  }

  #print(text: string): void {
    const lines = text.replaceAll('\n', '\r\n');
    this.#toSerial(Buffer.from(lines));
    this.#toScreen(lines);
  }

  #toSerial(bytes: Uint8Array): void {
    for (const listener of this.#serialListeners) listener(bytes);
  }

  #toScreen(text: string): void {
    this.#screen.write(text);
    this.#cancelFrame ??= this.#options.after(FRAME_MS, () => {
      this.#cancelFrame = undefined;
      for (const listener of this.#screenListeners) listener();
    });
  }

  #drawn(): Framebuffer {
    this.#frame.draw(this.#screen);
    return this.#frame;
  }
}
