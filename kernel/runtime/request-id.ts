import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The caller's `X-Request-Id` when it is one that may stand in a log line, else a new one of 16 characters. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given)
    ? given
    : randomBytes(12).toString('base64url');
}
