import { renewProof } from '@krateyard/auth/renew-proof';
import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import type { SocketRoute, SocketUpgrade, UpgradedSocket } from '@krateyard/runtime/feature';
import { SCREEN_PROTOCOL, type ScreenClientFrame } from '../../contract/screen-protocol.ts';
import type { VmsDeps } from '../deps.ts';
import { oneNamespace } from '../where.ts';
import type { ScreenDesk, Seat } from './screen-desk.ts';
import { SideChannel } from './side-channel.ts';
import { untilServed } from './until-served.ts';
import { readVncQuery } from './vnc-query.ts';

/** A token, and little else. */
const MAX_FRAME_BYTES = 128 * 1024;

/** `/api/vms/{name}/screen`: who is there, who controls, what the machine does. */
export function createScreenRoute(deps: VmsDeps, desk: ScreenDesk): SocketRoute {
  return {
    path: '/api/vms/:name/screen',
    protocols: [SCREEN_PROTOCOL, 'krateyard'],
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'screen-sockets',
    watchesCredential: true,
    accept: async (upgrade, { name = '' }) => {
      const query = readVncQuery(upgrade.url.searchParams);
      const at = { namespace: oneNamespace(query.namespace, deps.namespace), name };
      const who = {
        principal: upgrade.authentication.principal,
        requestId: upgrade.requestId,
        viewOnly: query.viewOnly === true,
        plain: false,
      };
      const seat = await desk.sit(who, at, { waits: true, signal: upgrade.signal });
      return untilServed(
        upgrade,
        () => seat.session.leave(seat.viewer),
        (socket) => serve(deps, seat, upgrade, socket),
      );
    },
  };
}

async function serve(
  deps: VmsDeps,
  { session, viewer }: Seat,
  { authentication, requestId }: SocketUpgrade,
  { ws }: UpgradedSocket,
): Promise<void> {
  const side = new SideChannel(ws, deps.clock, requestId);
  const closed = Promise.withResolvers<void>();
  const proof = deps.credentials.watch(authentication, () => {
    viewer.picture?.close(CLOSE_CODES.unauthenticated.code, CLOSE_CODES.unauthenticated.text);
    side.close(CLOSE_CODES.unauthenticated.code, CLOSE_CODES.unauthenticated.text);
  });
  const onFrame = (frame: ScreenClientFrame): void | Promise<void> => {
    if (frame.type === 'ping')
      return side.tell({ type: 'pong', ...(frame.nonce !== undefined && { nonce: frame.nonce }) });
    if (frame.type !== 'auth') return session.act(viewer, frame);
    return renewProof(proof, deps.authenticateToken, frame.token).then(({ expiresAt }) =>
      side.tell({ type: 'authenticated', ...(expiresAt !== undefined && { expiresAt }) }),
    );
  };
  side.start({ onFrame, onClosed: closed.resolve });
  session.connectSide(viewer, side);
  await closed.promise;
  proof[Symbol.dispose]();
  session.leave(viewer);
}
