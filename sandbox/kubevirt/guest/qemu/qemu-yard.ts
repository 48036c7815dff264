import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Computer, ComputerOptions } from '../computer.ts';
import { QemuGuest } from './qemu-guest.ts';

export const QEMU = 'qemu-system-x86_64';
/** Each takes some 60 MB, and a core while its firmware starts. */
const MAX_GUESTS = 8;

/** All machines that run in QEMU, at most eight at once; what is still on is cut with the process. */
export class QemuYard implements Disposable {
  readonly #program: string;
  readonly #on = new Set<QemuGuest>();
  readonly #cutAll = (): void => {
    for (const guest of this.#on) guest.cut();
  };

  /** Throws where QEMU is not installed. */
  constructor(path = process.env['PATH'] ?? '') {
    const found = path
      .split(delimiter)
      .map((folder) => join(folder, QEMU))
      .find(isProgram);
    if (found === undefined)
      throw new Error(
        `--guest qemu needs ${QEMU}, which is not on PATH; Debian's package is qemu-system-x86`,
      );
    this.#program = found;
    process.once('exit', this.#cutAll);
  }

  get count(): number {
    return this.#on.size;
  }

  make(options: ComputerOptions): Computer {
    return new QemuGuest(this.#program, options, {
      enter: (guest) => {
        if (this.#on.size >= MAX_GUESTS)
          throw new Error(`There is room for ${MAX_GUESTS} machines in QEMU, and all of it is taken.`);
        this.#on.add(guest);
      },
      leave: (guest) => this.#on.delete(guest),
    });
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#cutAll);
    this.#cutAll();
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
