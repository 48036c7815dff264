import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Principal } from '@krateyard/auth/principal';
import type { Participant, Size } from './people.ts';
import type { TappedPerson } from './terminal-tap.ts';
import type { TerminalViewer } from './terminal-viewer.ts';

/** So long, all in all, one guest holds the upstream back; then it is waited for no more. See `Patience`. */
export const GUEST_WAIT_MS = 1_000;

/** A participant as the terminal keeps them. */
export interface Member extends Participant {
  readonly principal: Principal;
  readonly key: string;
  viewer: TerminalViewer | undefined;
  /** What they have drawn, while they are cut off. */
  drawn: number;
  /** How long they have held the upstream back, since they had caught up. */
  waitedMs: number;
  cancelHold: () => void;
  /** Tells when they may not be here any more. */
  right: Disposable | undefined;
}

/** Nobody is connected yet. */
export function newMember(principal: Principal, role: Member['role'], size: Size | undefined): Member {
  return {
    id: randomBytes(9).toString('base64url'),
    key: randomBytes(24).toString('base64url'),
    username: principal.username,
    principal,
    role,
    connected: false,
    asks: false,
    size,
    viewer: undefined,
    drawn: 0,
    waitedMs: 0,
    cancelHold: () => {},
    right: undefined,
  };
}

/** In constant time. */
export function sameKey(known: string, given: string): boolean {
  const [one, other] = [Buffer.from(known), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

export function tappedPerson({ id, username }: Member): TappedPerson {
  return { participant: id, username };
}
