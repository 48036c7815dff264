import type { Clock } from '@krateyard/telemetry/clock';

export interface ComputerOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Calls back later, unless the disposer is called. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** Who looks at a screen. */
export interface ScreenViewer {
  /** Resolves when it is on its way. */
  send(bytes: Uint8Array): Promise<void>;
  /** The screen is gone. */
  end(): void;
}

/** A viewer's connection to a screen. */
export interface ScreenPort {
  /** Throws RangeError for what is no RFB: the connection must end. */
  received(bytes: Uint8Array): void;
  close(): void;
}

/** What runs in a launcher pod: the simulated guest, or QEMU. */
export interface Computer {
  readonly name: string;
  /**
   * Called when the machine has switched itself off, with `why` when it has broken down. Another launcher takes it over when the guest
   * migrates.
   */
  onOff: (why?: string) => void;
  powerOn(): void;
  /** As the reset button: nothing is saved. */
  reset(): void;
  /** As the power button: it shuts down by itself and calls `onOff`, or starts again. */
  powerButton(then?: 'off' | 'reboot'): void;
  /** As pulling the plug; `onOff` is not called. */
  cut(): void;
  /** Holds all output and input still. */
  pause(paused: boolean): void;
  /** What the serial port says from now on; the disposer ends it. */
  onSerial(listener: (bytes: Uint8Array) => void): () => void;
  typeSerial(bytes: Uint8Array): void;
  /** RFB. */
  openScreen(viewer: ScreenViewer): ScreenPort;
  /** PNG. Rejects when there is no screen yet. */
  screenshot(): Promise<Buffer>;
}

export type MakeComputer = (options: ComputerOptions) => Computer;
