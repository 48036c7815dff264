import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { dropOldest } from './drop-oldest.ts';

interface Saved {
  readonly sessions: Record<string, number>;
  readonly people: Record<string, number>;
}

/**
 * Sessions that were ended before their time. Cookies cannot be taken back, so this is remembered until they would have
 * expired by themselves, in a file where there is one: a restart must not revive them.
 */
export class Revocations {
  readonly #clock: Clock;
  readonly #file: string | undefined;
  readonly #lifetimeMs: number;
  readonly #max: number;
  /** Session id → when it may be forgotten. */
  readonly #sessions = new Map<string, number>();
  /** Principal id → sessions that started before this moment are void. */
  readonly #people = new Map<string, number>();

  constructor(options: { file?: string | undefined; lifetimeMs: number; clock?: Clock; max?: number }) {
    this.#clock = options.clock ?? systemClock;
    this.#file = options.file;
    this.#lifetimeMs = options.lifetimeMs;
    this.#max = options.max ?? 10_000;
    this.#load();
  }

  isRevoked(session: { id: string; startedAt: number }, principalId: string): boolean {
    return this.#sessions.has(session.id) || session.startedAt <= (this.#people.get(principalId) ?? -1);
  }

  revoke(sessionId: string): void {
    this.#sessions.set(sessionId, this.#clock.now() + this.#lifetimeMs);
    this.#save();
  }

  /** Every session of this person that started until now. */
  revokeAll(principalId: string): void {
    this.#people.set(principalId, this.#clock.now());
    this.#save();
  }

  #save(): void {
    const now = this.#clock.now();
    for (const [id, until] of this.#sessions) if (until <= now) this.#sessions.delete(id);
    for (const [id, since] of this.#people) if (since + this.#lifetimeMs <= now) this.#people.delete(id);
    dropOldest(this.#sessions, this.#max);
    dropOldest(this.#people, this.#max);
    if (this.#file === undefined) return;
    const saved: Saved = {
      sessions: Object.fromEntries(this.#sessions),
      people: Object.fromEntries(this.#people),
    };
    writeFileSync(`${this.#file}.new`, JSON.stringify(saved), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }

  #load(): void {
    if (this.#file === undefined) return;
    try {
      const saved = JSON.parse(readFileSync(this.#file, 'utf8')) as Saved;
      for (const [id, until] of Object.entries(saved.sessions)) this.#sessions.set(id, until);
      for (const [id, since] of Object.entries(saved.people)) this.#people.set(id, since);
    } catch {
      // Absent or damaged: the next revocation writes a new one.
    }
  }
}
