import type { SocketSession, SocketUpgrade, UpgradedSocket } from '@krateyard/runtime/feature';

/**
 * For what has been opened already: a client that goes away before its upgrade leaves nobody else to give it up. True: whoever asks has
 * it from now on; false: it has been given up.
 */
export function untilTaken({ request, signal }: SocketUpgrade, giveUp: () => void): () => boolean {
  let decided = false;
  const abandon = (): void => {
    if (!decided) giveUp();
    decided = true;
  };
  request.socket.once('close', abandon);
  signal.addEventListener('abort', abandon, { once: true });
  if (signal.aborted || request.socket.destroyed) abandon();
  return () => {
    signal.removeEventListener('abort', abandon);
    request.socket.off('close', abandon);
    const isOurs = !decided;
    decided = true;
    return isOurs;
  };
}

/** A session for it. */
export function untilServed(
  upgrade: SocketUpgrade,
  giveUp: () => void,
  serve: (socket: UpgradedSocket) => Promise<void>,
): SocketSession {
  const take = untilTaken(upgrade, giveUp);
  return async (socket) => {
    if (!take()) return socket.ws.terminate();
    await serve(socket);
  };
}
