import { StatusError } from '@krateyard/status/status-error';
import type { ScreenViewer } from '../../contract/screen-protocol.ts';

/** One who looks at a screen. */
export interface Looker {
  readonly id: string;
  readonly username: string;
  /** Knows nothing of control: whoever opened `/vnc` alone. */
  readonly plain: boolean;
  viewOnly: boolean;
  asks: boolean;
  watching: boolean;
}

/** Whether control may be taken without a right to it; else how long its holder would have to be idle yet. */
export type Taking = { readonly is: 'free' } | { readonly is: 'held'; readonly waitMs: number };

/** Who looks at a screen and who of them uses it. Times are monotonic milliseconds. */
export class ScreenPeople<P extends Looker> {
  readonly #idleMs: number;
  readonly #all = new Map<string, P>();
  #controller: P | undefined;
  #lastInput = 0;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  get controller(): P | undefined {
    return this.#controller;
  }

  get count(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): MapIterator<P> {
    return this.#all.values();
  }

  add(who: P): void {
    this.#all.set(who.id, who);
  }

  has(who: P): boolean {
    return this.#all.get(who.id) === who;
  }

  leave(who: P): void {
    this.#all.delete(who.id);
    if (this.#controller === who) this.#controller = undefined;
  }

  /** True when something has changed, as all that follow. Throw Forbidden for who may not. */
  ask(who: P, now: number): boolean {
    requireHands(who);
    if (this.#controller === who || who.asks) return false;
    if (!this.#controller) return this.#give(who, now);
    who.asks = true;
    return true;
  }

  grant(by: P, to: string, now: number): boolean {
    this.#requireControl(by);
    const receiver = this.#all.get(to);
    if (!receiver) throw new StatusError('NotFound', 'there is no such viewer here now');
    if (receiver.viewOnly) throw new StatusError('Forbidden', `${receiver.username} may only look`);
    return this.#give(receiver, now);
  }

  release(by: P): boolean {
    this.#requireControl(by);
    this.#controller = undefined;
    return true;
  }

  taking(who: P, now: number): Taking {
    requireHands(who);
    if (!this.#controller || this.#controller === who) return { is: 'free' };
    const waitMs = this.#idleMs - (now - this.#lastInput);
    return waitMs <= 0 ? { is: 'free' } : { is: 'held', waitMs };
  }

  take(who: P, now: number): boolean {
    return this.#give(who, now);
  }

  lookOnly(who: P): boolean {
    const changed = !who.viewOnly;
    who.viewOnly = true;
    who.asks = false;
    if (this.#controller === who) this.#controller = undefined;
    return changed;
  }

  /** The one to be removed. */
  toRemove(by: P, id: string): P {
    this.#requireControl(by);
    const other = this.#all.get(id);
    if (!other) throw new StatusError('NotFound', 'there is no such viewer');
    if (other === by) throw new StatusError('BadRequest', 'who controls cannot be removed; release control');
    return other;
  }

  /** Whether their input counts. Plain clients come to control by it, while nobody else does. */
  input(who: P, now: number): { readonly counts: boolean; readonly changed: boolean } {
    if (who.viewOnly) return { counts: false, changed: false };
    const changed = this.#controller === undefined && who.plain && this.#give(who, now);
    const counts = this.#controller === who;
    if (counts) this.#lastInput = now;
    return { counts, changed };
  }

  /** When the one who controls has been idle so long that who asked first gets control; undefined while nobody asks. */
  idleAt(): number | undefined {
    return this.#controller && this.#firstAsker() ? this.#lastInput + this.#idleMs : undefined;
  }

  /** Control goes to who asked first, when its time has come. */
  expire(now: number): boolean {
    const at = this.idleAt();
    const next = this.#firstAsker();
    return at !== undefined && next !== undefined && now >= at && this.#give(next, now);
  }

  told(): ScreenViewer[] {
    return Array.from(this.#all.values(), ({ id, username, asks, viewOnly, watching }) => ({
      id,
      username,
      asks,
      viewOnly,
      watching,
    }));
  }

  #firstAsker(): P | undefined {
    for (const who of this.#all.values()) if (who.asks) return who;
    return undefined;
  }

  #give(to: P, now: number): boolean {
    const changed = this.#controller !== to || to.asks;
    if (this.#controller !== to) this.#lastInput = now;
    this.#controller = to;
    to.asks = false;
    return changed;
  }

  #requireControl(by: P): void {
    if (by !== this.#controller)
      throw new StatusError('Forbidden', 'only who controls the screen may do that');
  }
}

function requireHands(who: Looker): void {
  if (who.viewOnly) throw new StatusError('Forbidden', 'you may only look at this screen');
}
