import { StatusError } from '@krateyard/status/status-error';
import type { Participant as Told } from './terminal-protocol.ts';

export interface Size {
  readonly rows: number;
  readonly cols: number;
}

/** One who is in a session, or was and may come back. */
export interface Participant {
  readonly id: string;
  readonly username: string;
  readonly role: 'owner' | 'guest';
  connected: boolean;
  asks: boolean;
  /** How large their terminal is: the session's while they have the keyboard. */
  size: Size | undefined;
}

/**
 * Who is in a session and who of them types. An owner's keyboard is only ever lent. Where nobody is the owner the first who comes
 * has the keyboard, and it is free when its holder goes, or while they do not type.
 */
export class People<P extends Participant> {
  readonly owner: P | undefined;
  readonly #all = new Map<string, P>();
  #keyboard: P | undefined;

  constructor(owner: P | undefined) {
    this.owner = owner;
    this.#keyboard = owner;
    if (owner) this.#all.set(owner.id, owner);
  }

  get keyboard(): P | undefined {
    return this.#keyboard;
  }

  get count(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): MapIterator<P> {
    return this.#all.values();
  }

  add(guest: P): void {
    this.#all.set(guest.id, guest);
  }

  find(id: string): P | undefined {
    return this.#all.get(id);
  }

  /** A keyboard that nobody has goes to who comes. */
  connected(who: P): void {
    who.connected = true;
    this.#keyboard ??= who;
  }

  /** A guest who is cut off gives the keyboard back; the owner keeps it, as nobody else could be asked for it. */
  disconnected(who: P): void {
    who.connected = false;
    who.asks = false;
    if (this.#keyboard === who) this.#handBack();
  }

  leave(guest: P): void {
    this.disconnected(guest);
    if (guest !== this.owner) this.#all.delete(guest.id);
  }

  /** True when something has changed; as all that follow. Throw Forbidden for who may not. */
  ask(who: P): boolean {
    if (who.asks || this.#keyboard === who) return false;
    if (!this.#keyboard) return this.#give(who);
    who.asks = true;
    return true;
  }

  grant(by: P, to: string): boolean {
    if (by !== this.#keyboard && by !== this.owner) {
      throw new StatusError('Forbidden', 'only who has the keyboard, and the owner, may give it away');
    }
    const receiver = this.#all.get(to);
    if (!receiver?.connected) throw new StatusError('NotFound', 'there is no such participant here now');
    return this.#give(receiver);
  }

  release(who: P): boolean {
    if (who !== this.#keyboard) throw new StatusError('Forbidden', 'you do not have the keyboard');
    if (who === this.owner) return this.#give(who);
    this.#handBack();
    return true;
  }

  /** `idle`: who has the keyboard has not typed for long. */
  take(who: P, idle: boolean): boolean {
    if (this.owner ? who === this.owner : idle || !this.#keyboard) return this.#give(who);
    throw new StatusError(
      'Forbidden',
      this.owner
        ? 'only the owner may take the keyboard; ask for it'
        : `${this.#keyboard!.username} types; ask for the keyboard`,
    );
  }

  /** The guest to be removed. */
  toRemove(by: P, id: string): P {
    if (by !== this.owner) throw new StatusError('Forbidden', 'only the owner may remove participants');
    const guest = this.#all.get(id);
    if (!guest) throw new StatusError('NotFound', 'there is no such participant');
    if (guest === this.owner)
      throw new StatusError('BadRequest', 'the owner cannot be removed; end the session');
    return guest;
  }

  told(): Told[] {
    return Array.from(this.#all.values(), ({ id, username, role, connected, asks }) => ({
      id,
      username,
      role,
      connected,
      asks,
    }));
  }

  #handBack(): void {
    const before = this.#keyboard;
    this.#keyboard = this.owner;
    if (this.owner) return;
    const next = [...this.#all.values()].find((one) => one !== before && one.asks && one.connected);
    if (next) this.#give(next);
  }

  #give(to: P): boolean {
    const changed = this.#keyboard !== to || to.asks;
    this.#keyboard = to;
    to.asks = false;
    return changed;
  }
}
