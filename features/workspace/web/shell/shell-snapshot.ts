import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { Exit, Participant, ShellHello } from '../../contract/shell-protocol.ts';

/** Where one's connection to a shell stands. Times are milliseconds since the epoch. */
export type ShellPhase =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live' }
  /** What was drawn stays; the session is held until `heldUntil`. `retryAt` is absent while a socket is being made. */
  | {
      readonly phase: 'reconnecting';
      readonly since: number;
      readonly heldUntil: number;
      readonly retryAt: number | undefined;
      readonly reason: string;
    }
  /** It never began: what the gateway answered. */
  | { readonly phase: 'refused'; readonly status: LiveStatus }
  | { readonly phase: 'ended'; readonly exit: Omit<Exit, 'type'> };

/** All that is known of a shell but its output. Each change is a new object. */
export interface ShellSnapshot {
  readonly phase: ShellPhase;
  readonly hello: ShellHello | undefined;
  readonly participants: readonly Participant[];
  /** Who has the keyboard. */
  readonly keyboard: string | null;
  readonly recording: {
    readonly on: boolean;
    readonly id?: string | undefined;
    readonly by?: string | undefined;
  };
  /** As the one with the keyboard has set it. */
  readonly size: { readonly rows: number; readonly cols: number } | undefined;
  /** The last frame that was refused; counted, so that the same words twice are told twice. */
  readonly complaint: { readonly count: number; readonly status: LiveStatus } | undefined;
}

export const NOTHING_YET: ShellSnapshot = {
  phase: { phase: 'connecting' },
  hello: undefined,
  participants: [],
  keyboard: null,
  recording: { on: false },
  size: undefined,
  complaint: undefined,
};

/** Whether what is typed here reaches the shell. */
export function mayType({ phase, hello, keyboard }: ShellSnapshot): boolean {
  return phase.phase === 'live' && hello !== undefined && keyboard === hello.you;
}

export function me({ hello, participants }: ShellSnapshot): Participant | undefined {
  return participants.find(({ id }) => id === hello?.you);
}

export const isOwner = (snapshot: ShellSnapshot): boolean => me(snapshot)?.role === 'owner';
