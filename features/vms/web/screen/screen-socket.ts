/** The part of a browser's WebSocket that the screen uses; `ws` has it too, so that tests run in Node. */
export interface ScreenSocket {
  readonly readyState: number;
  binaryType: string;
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

export const SOCKET_OPEN = 1;

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 4_000;

/** Doubles up to the last, jittered in its upper half. */
export function retryDelayMs(attempt: number, chance: number): number {
  const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
  return ceiling / 2 + (chance * ceiling) / 2;
}
