import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type {
  ScreenBye,
  ScreenHello,
  ScreenStateFrame,
  ScreenViewer,
} from '../../contract/screen-protocol.ts';

/** Where one's connection to a screen stands. Times are milliseconds since the epoch. */
export type ScreenPhase =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live' }
  /** The last picture stays. `retryAt` is absent while a socket is being made. */
  | {
      readonly phase: 'reconnecting';
      readonly since: number;
      readonly retryAt: number | undefined;
      readonly reason: string;
    }
  /** It never began: what the gateway answered. */
  | { readonly phase: 'refused'; readonly status: LiveStatus }
  | ScreenEnd;

/** It was there, and is over. */
export interface ScreenEnd {
  readonly phase: 'ended';
  readonly reason: ScreenBye['reason'];
  readonly message: string;
  /** Under which the gateway's log has the rest. */
  readonly requestId?: string | undefined;
}

/** How the pixels stand: not asked for, on their way, drawn. */
export type Pixels = 'off' | 'opening' | 'drawn';

/** All that is known of a screen but its pixels. Each change is a new object. */
export interface ScreenSnapshot {
  readonly phase: ScreenPhase;
  readonly hello: ScreenHello | undefined;
  readonly viewers: readonly ScreenViewer[];
  readonly controller: string | null;
  /** What the machine does; undefined before it was told. */
  readonly machine: Pick<ScreenStateFrame, 'state' | 'message' | 'since'> | undefined;
  readonly pixels: Pixels;
  /** There and back, to the gateway; undefined before it was measured. */
  readonly latencyMs: number | undefined;
  /** The last frame that was refused; counted, so that the same words twice are told twice. */
  readonly complaint: { readonly count: number; readonly status: LiveStatus } | undefined;
}

export const NOTHING_YET: ScreenSnapshot = {
  phase: { phase: 'connecting' },
  hello: undefined,
  viewers: [],
  controller: null,
  machine: undefined,
  pixels: 'off',
  latencyMs: undefined,
  complaint: undefined,
};

/** Whether keys and pointer reach the machine from here. */
export function controls({ phase, hello, controller }: ScreenSnapshot): boolean {
  return phase.phase === 'live' && hello !== undefined && controller === hello.you;
}

export function me({ hello, viewers }: ScreenSnapshot): ScreenViewer | undefined {
  return viewers.find(({ id }) => id === hello?.you);
}

export function controllerOf({ viewers, controller }: ScreenSnapshot): ScreenViewer | undefined {
  return viewers.find(({ id }) => id === controller);
}
