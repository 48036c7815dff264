import type { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { ScreenInput } from './input.ts';
import type { SizeWish } from './size-wish.ts';

export interface ServeRfbOptions {
  /** What the viewer shows as the screen's name. */
  readonly name: string;
  /** What the viewer does; whether it may is the caller's to decide. Called in order, from the reading loop. */
  readonly onInput: (input: ScreenInput) => void;
  /** The viewer wants another size; resolves with what it is told became of it. Absent: it is prohibited. */
  readonly onResize?: (wish: SizeWish) => Promise<number>;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Somebody who looks at a screen over RFB. */
export interface RfbViewer {
  /** Resolves when the handshake is over, or the connection; never rejects. */
  readonly opened: Promise<void>;
  /** Resolves with the reason, undefined when the viewer left or `close` was called; never rejects. */
  readonly ended: Promise<StatusError | undefined>;
  /** So far. */
  readonly sentBytes: number;
  readonly sentUpdates: number;
  /** Idempotent. */
  close(): void;
}
