import { createHash, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { StatusError } from '@krateyard/status/status-error';

/** What the server made of it: a socket, or an answer that is none. */
export type HandshakeOutcome =
  | { readonly socket: Duplex; readonly protocol: string }
  | { readonly socket: undefined; readonly code: number; readonly bytes: Buffer };

const MAX_REFUSAL_BYTES = 1 << 20;
/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** One WebSocket handshake through a dispatcher, so that its TLS, proxy and limits on connecting hold. Never retried. */
export function shakeHands(
  dispatcher: Dispatcher,
  request: {
    readonly origin: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string | string[]>>;
    readonly protocols: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<HandshakeOutcome> {
  const key = randomBytes(16).toString('base64');
  const { promise, resolve, reject } = Promise.withResolvers<HandshakeOutcome>();
  const { signal } = request;
  let onAbort: (() => void) | undefined;
  const finish = (): void => {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  };
  let code = 0;
  let bytes = 0;
  const chunks: Buffer[] = [];
  const options = {
    origin: request.origin,
    path: request.path,
    method: 'GET' as const,
    upgrade: 'websocket',
    headers: {
      ...request.headers,
      'sec-websocket-key': key,
      'sec-websocket-version': '13',
      'sec-websocket-protocol': request.protocols.join(', '),
    },
  };
  dispatcher.dispatch(options, {
    onRequestStart: (controller) => {
      onAbort = () => controller.abort(signal.reason as Error);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    },
    onRequestUpgrade: (_controller, statusCode, headers, socket) => {
      finish();
      const protocol = String(headers['sec-websocket-protocol'] ?? '');
      if (statusCode === 101 && accepted(key, headers['sec-websocket-accept'])) resolve({ socket, protocol });
      else {
        socket.on('error', () => {}).destroy();
        reject(new StatusError('InternalError', 'The API server answered a WebSocket handshake with none.'));
      }
    },
    onResponseStart: (_controller, statusCode) => {
      code = statusCode;
    },
    onResponseData: (_controller, chunk) => {
      bytes += chunk.length;
      if (bytes <= MAX_REFUSAL_BYTES) chunks.push(chunk);
    },
    onResponseEnd: () => {
      finish();
      resolve({ socket: undefined, code, bytes: Buffer.concat(chunks) });
    },
    onResponseError: (_controller, error) => {
      finish();
      reject(error);
    },
  });
  return promise;
}

function accepted(key: string, answer: unknown): boolean {
  return (
    answer ===
    createHash('sha1')
      .update(key + ACCEPT_GUID)
      .digest('base64')
  );
}
