import type { IncomingHttpHeaders } from 'node:http';

/** How browsers send a bearer token with a WebSocket, as Kubernetes' API server reads it: the rest is unpadded base64url. */
export const BEARER_PROTOCOL_PREFIX = 'base64url.bearer.authorization.k8s.io.';

/** Longer tokens are refused unread; service account and OIDC tokens have 1 to 4 KB. */
export const MAX_TOKEN_BYTES = 16 * 1024;

/** The bearer token of a request, from `Authorization` or a subprotocol; '' when one is there but malformed, undefined when none. */
export function presentedToken(headers: IncomingHttpHeaders): string | undefined {
  const header = headers.authorization;
  if (header !== undefined) return fromAuthorization(header);
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
  const bearer = offered.find((name) => name.startsWith(BEARER_PROTOCOL_PREFIX));
  return bearer === undefined ? undefined : fromProtocol(bearer.slice(BEARER_PROTOCOL_PREFIX.length));
}

/** True for the subprotocol that carries a credential: never echoed, never logged. */
export function isBearerProtocol(name: string): boolean {
  return name.startsWith(BEARER_PROTOCOL_PREFIX);
}

function fromAuthorization(header: string): string | undefined {
  const [scheme = '', ...rest] = header.trim().split(/ +/);
  if (scheme.toLowerCase() !== 'bearer') return undefined;
  return rest.length === 1 ? wellFormed(rest[0] ?? '') : '';
}

function fromProtocol(encoded: string): string {
  return /^[\w-]+$/.test(encoded) ? wellFormed(Buffer.from(encoded, 'base64url').toString('utf8')) : '';
}

/** RFC 6750's b64token, plus what static tokens of API servers may hold: visible ASCII. */
function wellFormed(token: string): string {
  return token.length <= MAX_TOKEN_BYTES && /^[\u0021-\u007e]+$/.test(token) ? token : '';
}
