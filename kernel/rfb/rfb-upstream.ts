import type { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { ScreenInput } from './input.ts';
import type { PaintedScreen } from './painted-screen.ts';
import type { SizeWish } from './size-wish.ts';

export interface ConnectRfbOptions {
  /** Painted on, from the connection that was before to the one that comes after. */
  readonly screen: PaintedScreen;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** So long there is between one request for changes and the next, in ms; 20 unless told: 50 frames a second. */
  readonly requestEveryMs?: number;
}

/** A machine's screen, connected. */
export interface RfbUpstream {
  /** The server's name for it. */
  readonly name: string;
  /** Resolves with the reason; never rejects. The screen keeps its last picture. */
  readonly ended: Promise<StatusError>;
  /** Nothing when ended. A pointer beyond the screen is at its edge. Text beyond 1 MiB is not sent. */
  send(input: ScreenInput): void;
  /** Asks for another size. Resolves with what became of it, SIZE_OUTCOME's or the server's own number; never rejects. */
  resize(wish: SizeWish): Promise<number>;
  /** Lets go of every key and button that `send` pressed: when who pressed them is not in control any more. */
  releaseAll(): void;
  /** Idempotent. */
  close(): void;
}
