/* oxlint-disable unicorn/prefer-add-event-listener -- takes off the fields that the clients of sockets have set */
import type { SocketLike } from './live-wire.ts';

/**
 * Closes a socket whose client has moved on: its last words must not reach that client. `onerror` stays, as `ws` throws
 * where an error finds no listener.
 */
export function letGo(
  socket: Pick<SocketLike, 'onopen' | 'onmessage' | 'onclose' | 'close'> | undefined,
): void {
  if (!socket) return;
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  socket.close();
}
