import type { Principal } from '@krateyard/auth/principal';
import { GUEST_WAIT_MS, newMember, sameKey, tappedPerson, type Member } from './member.ts';
import { People, type Size } from './people.ts';
import { StatusError } from '@krateyard/status/status-error';
import type { TerminalExit, TerminalServerFrame } from './terminal-protocol.ts';
import type { TappedPerson } from './terminal-tap.ts';

const MAX_PARTICIPANTS = 64;

/** The people around one terminal, and their sockets. */
export class Audience {
  readonly people: People<Member>;

  constructor(owner: Principal | undefined, size: Size | undefined) {
    this.people = new People(owner && newMember(owner, 'owner', size));
  }

  get anybodyHere(): boolean {
    return [...this.people].some(({ connected }) => connected);
  }

  /** Somebody new. Throws TooManyRequests. */
  admit(who: Principal): Member {
    if (this.people.count >= MAX_PARTICIPANTS) {
      throw new StatusError('TooManyRequests', `A session has at most ${MAX_PARTICIPANTS} participants.`, {
        details: { retryAfterSeconds: 5 },
      });
    }
    const guest = newMember(who, 'guest', undefined);
    this.people.add(guest);
    return guest;
  }

  /** Who has this key. Throws Forbidden when it is another person's. */
  returning(who: Principal, key: string): Member | undefined {
    const member = [...this.people].find((each) => sameKey(each.key, key));
    if (member && member.principal.id !== who.id)
      throw new StatusError('Forbidden', 'The key is another person’s.');
    return member;
  }

  /** Who types, else somebody who is connected, else somebody who may come back. */
  get foremost(): Member | undefined {
    const { keyboard } = this.people;
    if (keyboard?.connected) return keyboard;
    const all = [...this.people];
    return all.find(({ connected }) => connected) ?? all[0];
  }

  tell(frame: TerminalServerFrame): void {
    for (const { viewer } of this.people) viewer?.tell(frame);
  }

  tellPeople(): void {
    const { people } = this;
    this.tell({ type: 'people', participants: people.told(), keyboard: people.keyboard?.id ?? null });
  }

  flow(): void {
    for (const { viewer } of this.people) viewer?.flow();
  }

  /** Whom the others do not hold back: the owner, without one who types, else who is foremost. */
  get leader(): Member | undefined {
    return this.people.owner ?? this.foremost;
  }

  /** Below it, output is not needed by anybody who is connected and waited for, or by the owner. At most `end`. */
  floor(end: number): number {
    const { leader } = this;
    let floor = end;
    for (const member of this.people)
      if (member === leader || member.waitedMs < GUEST_WAIT_MS)
        floor = Math.min(floor, this.floorOf(member, end));
    return floor;
  }

  floorOf(member: Member, end: number): number {
    if (member.viewer) return member.viewer.floor;
    return member === this.people.owner ? member.drawn : end;
  }

  /** True while somebody is connected, or has been cut off before they saw all output up to `end`. */
  awaited(end: number): boolean {
    return [...this.people].some(({ viewer, drawn }) => viewer !== undefined || drawn < end);
  }

  /** Who types is not read while their keys wait. */
  pauseInput(paused: boolean): void {
    for (const member of this.people) member.viewer?.pauseInput(paused && this.people.keyboard === member);
  }

  /** Cuts off who takes nothing; pings, with `at`, who is there. */
  beat(now: number, at: string | undefined, stallMs: number): void {
    for (const { viewer } of this.people) {
      if (at !== undefined) viewer?.beat(at);
      if (viewer?.stalledSince !== undefined && now - viewer.stalledSince >= stallMs) viewer.cutOff();
    }
  }

  /** When all output has been sent. */
  finish(exit: TerminalExit, code: number): void {
    for (const { viewer } of this.people) viewer?.finish(exit, code);
  }

  /** At once. */
  end(exit: TerminalExit, code: number): void {
    for (const { viewer } of this.people) viewer?.end(exit, code);
  }

  release(): void {
    for (const member of this.people) {
      member.cancelHold();
      member.right?.[Symbol.dispose]();
    }
  }

  tapped(): { readonly all: TappedPerson[]; readonly keyboard: TappedPerson | undefined } {
    const { keyboard } = this.people;
    return { all: Array.from(this.people, tappedPerson), keyboard: keyboard && tappedPerson(keyboard) };
  }
}
