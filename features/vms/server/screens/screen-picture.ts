import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import { serveRfb } from '@krateyard/rfb/serve-rfb';
import { webSocketLink } from '@krateyard/rfb/websocket-link';
import type { UpgradedSocket } from '@krateyard/runtime/feature';
import type { VmsDeps } from '../deps.ts';
import { countedLink } from './counted-link.ts';
import type { ScreenDesk, Seat } from './screen-desk.ts';
import type { Picture } from './screen-viewer.ts';
import { closeSocket } from './side-channel.ts';

const PING_MS = 20_000;

/** The shared picture to one viewer, until either goes. */
export async function showScreen(
  { clock, logger }: VmsDeps,
  desk: ScreenDesk,
  { session, viewer }: Seat,
  { ws }: UpgradedSocket,
): Promise<void> {
  const over = new AbortController();
  const link = countedLink(webSocketLink(ws, { clock }), (count) => desk.count('gateway', count));
  const picture: Picture = {
    close: (code, text) => {
      closeSocket(ws, clock, code, text);
      over.abort();
    },
  };
  const shown = serveRfb(link, session.screen, {
    name: `${session.namespace}/${session.vm}`,
    onInput: (input) => session.input(viewer, input),
    onResize: (wish) => session.resize(viewer, wish),
    signal: over.signal,
    clock,
    logger,
  });
  const stopPings = keepAlive(ws, (run) => clock.every(PING_MS, run));
  session.connectPicture(viewer, picture);
  const error = await shown.ended;
  stopPings();
  session.disconnectPicture(viewer, picture);
  if (error) closeSocket(ws, clock, CLOSE_CODES.badFrame.code, error.message);
}

/** Cuts who answers no pings; a viewer that is held back by its own window cannot. */
function keepAlive(ws: UpgradedSocket['ws'], every: (run: () => void) => () => void): () => void {
  let answered = true;
  ws.on('pong', () => (answered = true));
  ws.on('message', () => (answered = true));
  return every(() => {
    if (!answered && !ws.isPaused && ws.bufferedAmount === 0) return ws.terminate();
    answered = false;
    if (ws.readyState === ws.OPEN) ws.ping();
  });
}
