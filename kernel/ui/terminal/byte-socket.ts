/** The part of a browser's WebSocket that a terminal uses; `ws` has it too, so that tests run in Node. */
export interface ByteSocket {
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
