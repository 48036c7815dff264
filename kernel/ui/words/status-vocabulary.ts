/** How well a thing is, worst first. Rooms map what the API says to one of these; the object's own word stands beside it. */
export type StatusWord = 'Failed' | 'Pending' | 'Unknown' | 'Running' | 'Stopped';

export interface StatusLook {
  /** Names the colour token: `--bad`. */
  readonly tone: 'bad' | 'warn' | 'ok' | 'off';
  readonly shape: 'triangle' | 'half' | 'diamond' | 'dot' | 'ring';
}

/** Colour + shape of every status, the only such table: no screen tells a status by colour alone. */
export const STATUS_LOOKS: Readonly<Record<StatusWord, StatusLook>> = {
  Failed: { tone: 'bad', shape: 'triangle' },
  Pending: { tone: 'warn', shape: 'half' },
  Unknown: { tone: 'off', shape: 'diamond' },
  Running: { tone: 'ok', shape: 'dot' },
  Stopped: { tone: 'off', shape: 'ring' },
};
