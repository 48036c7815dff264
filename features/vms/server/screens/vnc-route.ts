import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import { lendReads } from '@krateyard/kube/client/shared-reads';
import type { FrameSession, SocketRoute, SocketSession, SocketUpgrade } from '@krateyard/runtime/feature';
import { FrameSplice } from '@krateyard/rfb/frame-splice';
import { StatusError } from '@krateyard/status/status-error';
import type { VncQuery } from '../../contract/screen-protocol.ts';
import type { VmsDeps } from '../deps.ts';
import { oneNamespace } from '../where.ts';
import type { AloneScreen, ScreenDesk } from './screen-desk.ts';
import type { MachineAddress } from './screen-machine.ts';
import { showScreen } from './screen-picture.ts';
import { closeSocket } from './side-channel.ts';
import { untilServed, untilTaken } from './until-served.ts';
import { readVncQuery } from './vnc-query.ts';

/** What is pasted, at most. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const { unauthenticated: UNAUTHENTICATED } = CLOSE_CODES;
const RIGHT_LOST = { code: CLOSE_CODES.forbidden.code, text: 'The right to see this screen was lost.' };

/** `/api/vms/{name}/vnc`: the machine's screen is connected before the client is upgraded. */
export function createVncRoute(deps: VmsDeps, desk: ScreenDesk): SocketRoute {
  return {
    path: '/api/vms/:name/vnc',
    protocols: ['binary'],
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'screen-sockets',
    watchesCredential: true,
    drain: () => desk.drain(),
    accept: (upgrade, { name = '' }) => {
      const query = readVncQuery(upgrade.url.searchParams);
      const at = { namespace: oneNamespace(query.namespace, deps.namespace), name };
      if (query.share === 'off') return openAlone(deps, desk, upgrade, at);
      if (query.viewer !== undefined)
        return openPart(deps, desk, upgrade, at, { ...query, viewer: query.viewer });
      return openPlain(deps, desk, upgrade, at, query);
    },
  };
}

/** A client that is a viewer by this socket alone. */
async function openPlain(
  deps: VmsDeps,
  desk: ScreenDesk,
  upgrade: SocketUpgrade,
  at: MachineAddress,
  query: VncQuery,
): Promise<SocketSession> {
  const who = {
    principal: upgrade.authentication.principal,
    requestId: upgrade.requestId,
    viewOnly: query.viewOnly === true,
    plain: true,
  };
  const seat = await desk.sit(who, at, { waits: false, signal: upgrade.signal });
  return untilServed(
    upgrade,
    () => seat.session.leave(seat.viewer),
    (socket) => {
      const proof = deps.credentials.watch(upgrade.authentication, () =>
        closeSocket(socket.ws, deps.clock, UNAUTHENTICATED.code, UNAUTHENTICATED.text),
      );
      return showScreen(deps, desk, seat, socket).finally(() => proof[Symbol.dispose]());
    },
  );
}

/** The pixels of a viewer whose `/screen` is open, which also keeps them in proof. */
async function openPart(
  deps: VmsDeps,
  desk: ScreenDesk,
  upgrade: SocketUpgrade,
  at: MachineAddress,
  query: VncQuery & { readonly viewer: string },
): Promise<SocketSession> {
  const { principal } = upgrade.authentication;
  const seat = desk.seat(query.viewer, principal);
  const machine = await desk.machine(principal, at, upgrade.signal);
  if (machine.namespace !== seat.session.namespace || machine.name !== seat.session.vm)
    throw new StatusError('NotFound', 'This viewer is before another machine’s screen.');
  if (query.viewOnly === true) seat.session.lookOnly(seat.viewer);
  return (socket) => showScreen(deps, desk, seat, socket);
}

async function openAlone(
  deps: VmsDeps,
  desk: ScreenDesk,
  upgrade: SocketUpgrade,
  at: MachineAddress,
): Promise<FrameSession> {
  const { principal } = upgrade.authentication;
  const screen = await desk.takeAlone({ principal, requestId: upgrade.requestId }, at, upgrade.signal);
  const giveUp = (): void => {
    screen.socket.abort();
    screen[Symbol.dispose]();
  };
  const take = untilTaken(upgrade, giveUp);
  return {
    carry: (connection) => {
      const splice = new FrameSplice(connection, screen.socket.take(), {
        clock: deps.clock,
        maxFrameBytes: MAX_FRAME_BYTES,
        onBytes: (count) => desk.count('machine', count),
        read: lendReads,
      });
      if (!take()) return splice;
      const ended = guarded(deps, desk, upgrade, screen, splice).finally(() => screen[Symbol.dispose]());
      return { close: (code, text) => splice.close(code, text), terminate: () => splice.terminate(), ended };
    },
  };
}

/** Resolves when it has ended and nobody watches any more whether it may go on. */
async function guarded(
  deps: VmsDeps,
  desk: ScreenDesk,
  { authentication }: SocketUpgrade,
  { machine }: AloneScreen,
  splice: FrameSplice,
): Promise<void> {
  const end = ({ code, text }: { code: number; text: string }): void => splice.close(code, text);
  const over = new AbortController();
  const proof = deps.credentials.watch(authentication, () => end(UNAUTHENTICATED));
  const right = desk.watchRight(authentication.principal, machine, () => end(RIGHT_LOST), over.signal);
  // Whether the right is lost cannot be told any more: nobody may look on then.
  right.catch(() => end(RIGHT_LOST));
  await splice.ended;
  over.abort();
  proof[Symbol.dispose]();
  await right.then(
    (held) => held[Symbol.dispose](),
    () => {},
  );
}
