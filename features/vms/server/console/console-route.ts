import { Compile } from 'typebox/compile';
import { Type } from 'typebox';
import type { SocketRoute } from '@krateyard/runtime/feature';
import { StatusError } from '@krateyard/status/status-error';
import { serveTerminal } from '@krateyard/terminals/serve-terminal';
import { typedDialect } from '@krateyard/terminals/typed-dialect';
import { CONSOLE_PROTOCOL } from '../../contract/console-protocol.ts';
import type { VmsDeps } from '../deps.ts';
import { oneNamespace } from '../where.ts';
import type { ConsoleDesk, ConsoleRequest } from './console-desk.ts';
import { plainDialect } from './plain-dialect.ts';

/** Input of 64 KiB, and a token as large. */
const MAX_FRAME_BYTES = 128 * 1024;

/** `/api/vms/{name}/console`: the machine's serial port is connected before the client is upgraded. */
export function createConsoleRoute(deps: VmsDeps, desk: ConsoleDesk): SocketRoute {
  return {
    path: '/api/vms/:name/console',
    protocols: [CONSOLE_PROTOCOL, 'plain.kubevirt.io', 'krateyard'],
    maxFrameBytes: MAX_FRAME_BYTES,
    limit: 'console-sockets',
    watchesCredential: true,
    drain: () => desk.drain(),
    accept: async ({ url, authentication, requestId, signal }, { name = '' }) => {
      const query = url.searchParams;
      const at = { namespace: oneNamespace(query.get('namespace') ?? undefined, deps.namespace), name };
      const asker = { principal: authentication.principal, requestId };
      const admitted = await desk.enter(asker, at, readConsoleQuery(query), signal);
      return (socket) => {
        const dialect = socket.ws.protocol === CONSOLE_PROTOCOL ? typedDialect() : plainDialect();
        const served = { ...admitted, dialect, authentication, requestId };
        return serveTerminal({ ...deps, windowBytes: desk.bounds.windowBytes }, served, socket);
      };
    },
  };
}

const Query = Compile(
  Type.Object({
    wait: Type.String({ enum: ['', 'true', 'false'] }),
    session: Type.String({ maxLength: 64 }),
    key: Type.String({ maxLength: 64 }),
    from: Type.String({ pattern: '^[0-9]{0,15}$' }),
  }),
);

/** Throws BadRequest that names the parameter. */
function readConsoleQuery(query: URLSearchParams): ConsoleRequest {
  const asked = Object.fromEntries(
    ['wait', 'session', 'key', 'from'].map((name) => [name, query.get(name) ?? '']),
  );
  if (!Query.Check(asked)) {
    const [first] = Query.Errors(asked);
    throw new StatusError(
      'BadRequest',
      `The query is not valid: ${first?.instancePath.slice(1)}: ${first?.message}`,
    );
  }
  const { wait, session, key, from } = asked;
  return {
    waits: wait === 'true',
    session: session || undefined,
    key: key || undefined,
    from: from ? Number(from) : undefined,
  };
}
