import { randomBytes } from 'node:crypto';
import type { Principal } from '@krateyard/auth/principal';
import type { Looker } from './screen-people.ts';
import type { SideChannel } from './side-channel.ts';

/** A socket of pixels. */
export interface Picture {
  close(code: number, text: string): void;
}

/** Who comes to look. */
export interface Newcomer {
  readonly principal: Principal;
  readonly requestId: string;
  readonly viewOnly: boolean;
  /** `/vnc` alone. */
  readonly plain: boolean;
}

/** A viewer as the session keeps them. */
export interface Viewer extends Looker, Newcomer {
  viewOnly: boolean;
  readonly key: string;
  side: SideChannel | undefined;
  picture: Picture | undefined;
  /** Tells when they may not be here any more. */
  right: Disposable | undefined;
}

export function newViewer(who: Newcomer): Viewer {
  return {
    ...who,
    id: randomBytes(9).toString('base64url'),
    key: randomBytes(24).toString('base64url'),
    username: who.principal.username,
    asks: false,
    watching: false,
    side: undefined,
    picture: undefined,
    right: undefined,
  };
}
