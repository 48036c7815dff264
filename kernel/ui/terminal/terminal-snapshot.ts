import type {
  Notice,
  Participant,
  TerminalExit,
  TerminalHello,
} from '@krateyard/terminals/terminal-protocol';
import type { LiveStatus } from '../live/live-frames.ts';

/** Where one's connection to a shared terminal stands. Times are milliseconds since the epoch. */
export type TerminalPhase =
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
  | { readonly phase: 'ended'; readonly exit: Omit<TerminalExit, 'type'> };

/** All that is known of a terminal but its output. Each change is a new object. `Hello`: with what its room adds. */
export interface TerminalSnapshot<Hello extends TerminalHello = TerminalHello> {
  readonly phase: TerminalPhase;
  readonly hello: Hello | undefined;
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
  /** What is behind the terminal went away, or came back; absent where that is its end. */
  readonly notice: Notice | undefined;
  /** The last frame that was refused; counted, so that the same words twice are told twice. */
  readonly complaint: { readonly count: number; readonly status: LiveStatus } | undefined;
}

export const NOTHING_YET: TerminalSnapshot<never> = {
  phase: { phase: 'connecting' },
  hello: undefined,
  participants: [],
  keyboard: null,
  recording: { on: false },
  size: undefined,
  notice: undefined,
  complaint: undefined,
};

/** Whether what is typed here reaches the other side. */
export function mayType({ phase, hello, keyboard }: TerminalSnapshot): boolean {
  return phase.phase === 'live' && hello !== undefined && keyboard === hello.you;
}

export function me({ hello, participants }: TerminalSnapshot): Participant | undefined {
  return participants.find(({ id }) => id === hello?.you);
}

export const isOwner = (snapshot: TerminalSnapshot): boolean => me(snapshot)?.role === 'owner';

/** False: it is everybody's who may be there. */
export const isOwned = ({ participants }: TerminalSnapshot): boolean =>
  participants.some(({ role }) => role === 'owner');
