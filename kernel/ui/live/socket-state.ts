/** Where the one socket of the console stands. Times are milliseconds since the epoch. */
export type SocketState =
  | { readonly phase: 'idle' }
  /** `downSince` is absent on the first attempt: nothing was shown yet that could be old. */
  | { readonly phase: 'connecting'; readonly attempt: number; readonly downSince?: number }
  | { readonly phase: 'open'; readonly since: number }
  | {
      readonly phase: 'waiting';
      readonly attempt: number;
      readonly downSince: number;
      readonly retryAt: number;
      /** The close-code table's words, or what the network did. */
      readonly reason: string;
    }
  /** Over for good: the same request would end the same way. Only `start` leaves this phase. */
  | { readonly phase: 'ended'; readonly code: number; readonly reason: string };

/** Since when what is on screen may be old; undefined while connected or before anything was known. */
export function downSince(state: SocketState): number | undefined {
  return state.phase === 'waiting' || state.phase === 'connecting' ? state.downSince : undefined;
}
