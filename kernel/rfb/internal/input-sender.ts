import type { ScreenInput } from '../input.ts';
import type { PaintedScreen } from '../painted-screen.ts';
import { keyEvent, pointerEvent, qemuKeyEvent } from './client-messages.ts';
import type { Outgoing } from './outgoing.ts';

type Key = Extract<ScreenInput, { type: 'key' }>;
type Pointer = Extract<ScreenInput, { type: 'pointer' }>;

/** More keys than a person has fingers, so that what is made up takes no memory. */
const MOST_HELD_KEYS = 64;

/** Sends keys and pointer to a machine, and knows what is held down. */
export class InputSender {
  readonly #out: Outgoing;
  readonly #screen: PaintedScreen;
  readonly #held = new Map<string, Key>();
  #pointer = { x: 0, y: 0, buttons: 0 };
  /** The server understands QEMU's extended key event. */
  scancodes = false;

  constructor(out: Outgoing, screen: PaintedScreen) {
    this.#out = out;
    this.#screen = screen;
  }

  key(input: Key): void {
    const { down, keysym, scancode } = input;
    const name = `${scancode}:${scancode === 0 ? keysym : ''}`;
    if (!down) this.#held.delete(name);
    else if (this.#held.size < MOST_HELD_KEYS) this.#held.set(name, input);
    const extended = this.scancodes && scancode !== 0;
    this.#out.push(extended ? qemuKeyEvent(down, keysym, scancode) : keyEvent(down, keysym));
  }

  pointer({ x, y, buttons }: Pointer): void {
    const { width, height } = this.#screen;
    const at = { x: within(x, width), y: within(y, height), buttons: buttons & 0x7f };
    const moved = at.buttons === this.#pointer.buttons;
    this.#pointer = at;
    // While bytes wait, of moves only the last is of interest.
    this.#out.push(pointerEvent(at.x, at.y, at.buttons), moved ? `pointer ${at.buttons}` : undefined);
  }

  releaseAll(): void {
    for (const key of this.#held.values()) this.key({ ...key, down: false });
    if (this.#pointer.buttons !== 0) this.pointer({ type: 'pointer', ...this.#pointer, buttons: 0 });
  }
}

const within = (value: number, size: number): number =>
  Math.min(size - 1, Math.max(0, Math.trunc(value) || 0));
