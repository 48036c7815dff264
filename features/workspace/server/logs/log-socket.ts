import type { Principal } from '@krateyard/auth/principal';
import { createSocketWriter, type SocketWriter } from '@krateyard/hub/socket-writer';
import type { SocketRoute, SocketSession, SocketUpgrade } from '@krateyard/runtime/feature';
import { LOG_PROTOCOL } from '../../contract/log-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { LaterOutlet } from './later-outlet.ts';
import { LogConversation } from './log-conversation.ts';
import type { LogDesk } from './log-desk.ts';
import { parseLogRequest, type LogRequest } from './log-request.ts';
import { encodeBlocks } from './block-encoding.ts';
import { encodeBare, encodeSingly, encodeTogether, type Run } from './line-encoding.ts';
import { SocketOutlet } from './socket-outlet.ts';

/** Clients say `ping` and `auth`; a token has at most 64 KB. */
const MAX_FRAME_BYTES = 128 * 1024;
/** Of each container, for who does not say. */
const DEFAULTS = { follow: true, tail: 1000 };

/** `/ws/logs`. */
export function createLogRoute(deps: WorkspaceDeps, desk: LogDesk): SocketRoute {
  return {
    path: '/ws/logs',
    protocols: [LOG_PROTOCOL, 'krateyard'],
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'log-sockets',
    watchesCredential: true,
    accept: async (upgrade) => {
      const request = parseLogRequest(upgrade.url.searchParams, desk.now(), DEFAULTS);
      return openSession(deps, desk, upgrade, request);
    },
  };
}

async function openSession(
  deps: WorkspaceDeps,
  desk: LogDesk,
  upgrade: SocketUpgrade,
  request: LogRequest,
): Promise<SocketSession> {
  let who: Principal = upgrade.authentication.principal;
  const bare = !offers(upgrade, LOG_PROTOCOL);
  const outlet = new LaterOutlet(!bare);
  const reading = await desk.open(() => who, request, outlet, upgrade);
  // A client that goes away before the upgrade leaves nobody else who would close it.
  const abandon = (): void => void reading.close();
  upgrade.signal.addEventListener('abort', abandon, { once: true });
  return async (socket) => {
    upgrade.signal.removeEventListener('abort', abandon);
    const writer = createSocketWriter(socket.ws, socket.raw);
    outlet.become(new SocketOutlet(writer, { bare, tell: tellerOf(writer, request, bare) }));
    // Before all is taken: the pipe shall not run dry while more is fetched.
    writer.onTaken(() => reading.pump());
    const conversation = new LogConversation(deps, socket.ws, upgrade, {
      bare,
      tell: (frame) => {
        outlet.frame(frame);
        outlet.flush();
      },
      became: (principal) => (who = principal),
      congested: () => !outlet.hasRoom(),
    });
    reading.start();
    void reading.done.then((how) => {
      if (how === 'done') conversation.end();
      else conversation.close(how === 'lost' ? 'slowConsumer' : 'forbidden');
    });
    await conversation.closed;
    await reading.close();
  };
}

/** How runs of lines become messages. */
function tellerOf(
  writer: SocketWriter,
  { timestamps, batch, blocks }: LogRequest,
  bare: boolean,
): (runs: readonly Run[]) => void {
  if (blocks && !bare) return (runs) => writer.writeBytes(encodeBlocks(runs));
  const encode = bare ? encodeBare(timestamps) : batch ? encodeTogether : encodeSingly;
  return (runs) => writer.writeTexts(encode(runs));
}

function offers({ request }: SocketUpgrade, protocol: string): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === protocol);
}
