import type { SocketRoute, SocketUpgrade } from '@krateyard/runtime/feature';
import { StatusError } from '@krateyard/status/status-error';
import type { Member } from '@krateyard/terminals/member';
import { serveTerminal } from '@krateyard/terminals/serve-terminal';
import type { Terminal } from '@krateyard/terminals/terminal';
import { typedDialect } from '@krateyard/terminals/typed-dialect';
import { SHELL_PROTOCOL } from '../../contract/shell-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { seedDialect } from './seed-dialect.ts';
import type { ShellTarget } from './shell-target.ts';
import { readShellQuery } from './shell-query.ts';
import type { Shells } from './shells.ts';

/** Input of 64 KiB, and a token as large. */
const MAX_FRAME_BYTES = 128 * 1024;

type Deps = Pick<WorkspaceDeps, 'authenticateToken' | 'clock' | 'credentials'>;

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
      const { authentication, requestId } = upgrade;
      return (socket) => {
        const dialect = socket.ws.protocol === SHELL_PROTOCOL ? typedDialect() : seedDialect();
        const served = { terminal: session, member, from, dialect, authentication, requestId };
        return serveTerminal({ ...deps, windowBytes: shells.bounds.windowBytes }, served, socket);
      };
    },
  };
}

interface Admitted {
  readonly session: Terminal<ShellTarget>;
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
