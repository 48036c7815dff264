import type { Principal } from '@krateyard/auth/principal';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Size } from './people.ts';
import type { Participant } from './terminal-protocol.ts';
import type { TapPort } from './terminal-tap.ts';

export interface TerminalBounds {
  /** How long a participant who was cut off may come back. */
  readonly holdMs: number;
  readonly scrollbackBytes: number;
  readonly windowBytes: number;
  /** A client that takes nothing for so long is cut off; it may come back. */
  readonly stallMs: number;
  /** Where there is no owner: so long without a key, and others may take the keyboard. */
  readonly idleMs?: number;
  /** Where there is no owner: so long a terminal that is recorded goes on when everybody has left. Absent: it ends with the last. */
  readonly unattendedMs?: number;
}

export interface TerminalNeeds<Place extends object> {
  /** Where it is: told in `hello`. */
  readonly place: Place;
  /** Ends with them; absent: it is everybody's who may be there, and ends when nobody is. */
  readonly owner?: Principal;
  readonly size: Size | undefined;
  readonly clock: Clock;
  readonly bounds: TerminalBounds;
  /** Absent: nothing can be recorded. */
  readonly recordings: TapPort | undefined;
  /** Told to who may not be there any more. */
  readonly rightLost: string;
  /** What is behind it has ended or was given up; people may still be there. */
  readonly onEnded: () => void;
  /** Nothing is left of it. */
  readonly onGone: () => void;
}

export interface TerminalSummary {
  readonly session: string;
  readonly participants: Participant[];
  readonly recording: boolean;
  readonly startedAt: string;
  /** ISO 8601; set while nobody is connected. */
  readonly heldUntil?: string;
}

export type EndReason = 'owner-ended' | 'right-lost' | 'hold-expired' | 'draining';
