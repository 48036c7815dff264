import type { SocketSession, SocketUpgrade, UpgradedSocket } from '@krateyard/runtime/feature';

/** A session for what has been opened already: a client that goes away before its upgrade leaves nobody else to give it up. */
export function untilServed(
  { request, signal }: SocketUpgrade,
  giveUp: () => void,
  serve: (socket: UpgradedSocket) => Promise<void>,
): SocketSession {
  let decided = false;
  const abandon = (): void => {
    if (!decided) giveUp();
    decided = true;
  };
  request.socket.once('close', abandon);
  signal.addEventListener('abort', abandon, { once: true });
  if (signal.aborted || request.socket.destroyed) abandon();
  return async (socket) => {
    signal.removeEventListener('abort', abandon);
    request.socket.off('close', abandon);
    if (decided) return socket.ws.terminate();
    decided = true;
    await serve(socket);
  };
}
