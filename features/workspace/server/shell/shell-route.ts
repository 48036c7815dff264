import type { Authentication } from '@krateyard/auth/authenticator';
import type { SocketRoute, SocketUpgrade, UpgradedSocket } from '@krateyard/runtime/feature';
import { StatusError } from '@krateyard/status/status-error';
import { SHELL_PROTOCOL } from '../../contract/shell-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { seedDialect, typedDialect, type Incoming } from './dialects.ts';
import { readShellQuery } from './shell-query.ts';
import type { Member } from './member.ts';
import type { ShellSession } from './shell-session.ts';
import { ShellViewer } from './shell-viewer.ts';
import type { Shells } from './shells.ts';

/** Input of 64 KiB, and a token as large. */
const MAX_FRAME_BYTES = 128 * 1024;
const AUTH_DEADLINE_MS = 10_000;
const UNAUTHENTICATED = {
  code: 4501,
  text: 'The session has ended or its token is no longer valid; sign in again.',
};

type Deps = Pick<WorkspaceDeps, 'authenticateToken' | 'clock' | 'credentials' | 'metrics'>;

/** `/ws/shell`: the process runs, or the session is found, before the client is upgraded. */
export function createShellRoute(deps: Deps, shells: Shells): SocketRoute {
  return {
    path: '/ws/shell',
    protocols: [SHELL_PROTOCOL, 'krateyard'],
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'shell-sockets',
    watchesCredential: true,
    drain: () => shells.drain(),
    accept: async (upgrade) => {
      const { session, member, from } = await admitted(shells, upgrade);
      return (socket) => serve(deps, shells, { session, member, from, upgrade, socket });
    },
  };
}

interface Admitted {
  readonly session: ShellSession;
  readonly member: Member;
  readonly from: number | undefined;
}

async function admitted(shells: Shells, upgrade: SocketUpgrade): Promise<Admitted> {
  const asker = { principal: upgrade.authentication.principal, requestId: upgrade.requestId };
  const asked = readShellQuery(upgrade.url.searchParams);
  if (asked.is === 'open') {
    const session = await shells.open(asker, asked.open, upgrade.signal);
    return { session, member: session.owner, from: 0 };
  }
  const { session, member } = await shells.join(asker, asked.session, asked.key, upgrade.signal);
  if (asked.from !== undefined && asked.from > session.scrollback.end) {
    throw new StatusError('BadRequest', 'The query’s "from" lies beyond the session’s output.');
  }
  return { session, member, from: asked.from };
}

async function serve(
  deps: Deps,
  shells: Shells,
  admitted: Admitted & { readonly upgrade: SocketUpgrade; readonly socket: UpgradedSocket },
): Promise<void> {
  const { session, member, upgrade, socket } = admitted;
  const typed = socket.ws.protocol === SHELL_PROTOCOL;
  const from = admitted.from ?? session.scrollback.start;
  const viewer = new ShellViewer(
    socket,
    typed ? typedDialect() : seedDialect(),
    Math.max(from, session.scrollback.start),
    {
      scrollback: session.scrollback,
      windowBytes: shells.bounds.windowBytes,
      clock: deps.clock,
      requestId: upgrade.requestId,
    },
  );
  const closed = Promise.withResolvers<void>();
  const proof = deps.credentials.watch(upgrade.authentication, () =>
    viewer.end(undefined, UNAUTHENTICATED.code, UNAUTHENTICATED.text),
  );
  const renew = async (token: string): Promise<Authentication> => {
    const next = await deps.authenticateToken(token, AbortSignal.timeout(AUTH_DEADLINE_MS));
    if (proof.renew(next)) return next;
    throw new StatusError('Forbidden', 'this token is another person’s; open another socket');
  };
  viewer.start({
    onIncoming: (incoming) => received(session, member, viewer, incoming, renew),
    onProgress: () => session.progressed(member),
    onClosed: (code) => {
      session.disconnect(member, viewer, code);
      closed.resolve();
    },
  });
  session.connect(member, viewer, from);
  await closed.promise;
  proof[Symbol.dispose]();
}

function received(
  session: ShellSession,
  member: Member,
  viewer: ShellViewer,
  incoming: Incoming,
  renew: (token: string) => Promise<Authentication>,
): void | Promise<void> {
  if (incoming.is === 'input') return session.input(member, incoming.bytes);
  const { frame } = incoming;
  if (frame.type === 'ping') {
    return viewer.tell({ type: 'pong', ...(frame.nonce !== undefined && { nonce: frame.nonce }) });
  }
  if (frame.type !== 'auth') return session.act(member, frame);
  return renew(frame.token).then(({ expiresAt }) =>
    viewer.tell({ type: 'authenticated', ...(expiresAt !== undefined && { expiresAt }) }),
  );
}
