import type { LiveFreshness } from './live-frames.ts';

/** Follows something that is no list of objects but parts by name; `ask` goes to the server as it is. */
export interface PartsSpec {
  /** Type of the frames: `overview`. */
  readonly parts: string;
  readonly ask: Readonly<Record<string, unknown>>;
}

/** `whole`: what was known is void; it is shown until `synced` says that all has come. A part that is null is gone. */
export interface PartsFrame {
  readonly type: 'parts';
  readonly whole?: boolean | undefined;
  readonly parts?: Readonly<Record<string, unknown>> | undefined;
  readonly synced?: boolean | undefined;
  readonly freshness?: LiveFreshness | undefined;
}
