import type { Authentication } from '@krateyard/auth/authenticator';
import type { CredentialWatch } from '@krateyard/auth/credential-watch';
import { renewProof } from '@krateyard/auth/renew-proof';
import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Dialect, Incoming } from './dialect.ts';
import type { Member } from './member.ts';
import type { Terminal } from './terminal.ts';
import type { TerminalSocket } from './terminal-socket.ts';
import { TerminalViewer } from './terminal-viewer.ts';

export interface ServeNeeds {
  readonly clock: Clock;
  readonly credentials: Pick<CredentialWatch, 'watch'>;
  /** Proves a token that came in an `auth` frame; rejects with StatusError Unauthorized. */
  readonly authenticateToken: (token: string, signal: AbortSignal) => Promise<Authentication>;
  readonly windowBytes: number;
}

/** Whose socket this is, and where they are let in. */
export interface ServedMember<Place extends object> {
  readonly terminal: Terminal<Place>;
  readonly member: Member;
  /** Absent: from the oldest output that is kept. */
  readonly from: number | undefined;
  readonly dialect: Dialect;
  readonly authentication: Authentication;
  readonly requestId: string;
}

/** Connects a socket to a terminal; resolves when the socket is gone. */
export async function serveTerminal<Place extends object>(
  needs: ServeNeeds,
  served: ServedMember<Place>,
  socket: TerminalSocket,
): Promise<void> {
  const { terminal, member, dialect, authentication, requestId } = served;
  const { scrollback } = terminal;
  const { clock, windowBytes } = needs;
  const from = served.from ?? scrollback.start;
  const viewer = new TerminalViewer(socket, dialect, Math.max(from, scrollback.start), {
    scrollback,
    windowBytes,
    clock,
    requestId,
  });
  const closed = Promise.withResolvers<void>();
  const { code: noProof, text } = CLOSE_CODES.unauthenticated;
  const proof = needs.credentials.watch(authentication, () => viewer.end(undefined, noProof, text));
  const renew = (token: string): Promise<Authentication> => renewProof(proof, needs.authenticateToken, token);
  // Before the socket is listened to: one that is closed already is left again at once.
  terminal.connect(member, viewer, from);
  viewer.start({
    onIncoming: (incoming) => received(terminal, member, viewer, incoming, renew),
    onProgress: () => terminal.progressed(member),
    onClosed: (code) => {
      terminal.disconnect(member, viewer, code);
      closed.resolve();
    },
  });
  await closed.promise;
  proof[Symbol.dispose]();
}

function received<Place extends object>(
  terminal: Terminal<Place>,
  member: Member,
  viewer: TerminalViewer,
  incoming: Incoming,
  renew: (token: string) => Promise<Authentication>,
): void | Promise<void> {
  if (incoming.is === 'input') return terminal.input(member, incoming.bytes);
  const { frame } = incoming;
  if (frame.type === 'ping') {
    return viewer.tell({ type: 'pong', ...(frame.nonce !== undefined && { nonce: frame.nonce }) });
  }
  if (frame.type !== 'auth') return terminal.act(member, frame);
  return renew(frame.token).then(({ expiresAt }) =>
    viewer.tell({ type: 'authenticated', ...(expiresAt !== undefined && { expiresAt }) }),
  );
}
