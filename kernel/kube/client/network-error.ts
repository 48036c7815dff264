import { StatusError } from '@krateyard/status/status-error';

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'connecting took too long',
  UND_ERR_CONNECT_TIMEOUT: 'connecting took too long',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'its answer stalled',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_PRX_TLS: 'the proxy refused the tunnel',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself and no CA data are configured',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by the configured CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by the configured CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by the configured CA',
  CERT_SIGNATURE_FAILURE: 'its certificate is not signed by the configured CA',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP',
  EPROTO: 'it does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
};

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** A failure below HTTP as a StatusError that names the server and the cause, and nothing else. */
export function fromNetworkError(error: unknown, server: string): StatusError {
  const code = codeOf(error);
  const cause = (code !== undefined && CAUSES[code]) || tlsCause(code) || code || 'the connection broke';
  const reason = code !== undefined && TIMEOUTS.has(code) ? 'Timeout' : 'ServiceUnavailable';
  return new StatusError(reason, `The API server at ${hostOf(server)} cannot be reached: ${cause}.`, {
    cause: error,
  });
}

export function deadlineError(server: string, afterMs: number): StatusError {
  const seconds = Math.round(afterMs / 100) / 10;
  return new StatusError(
    'Timeout',
    `The API server at ${hostOf(server)} did not answer within ${seconds} s.`,
  );
}

/** `host:port` of a server's URL, without credentials or path. */
export function hostOf(server: string): string {
  const url = URL.parse(server);
  if (!url) return 'an invalid address';
  return url.port === '' ? `${url.hostname}:${url.protocol === 'http:' ? 80 : 443}` : url.host;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] };
  const inner = Array.isArray(errors) ? codeOf(errors[0]) : codeOf(cause);
  if (code === 'UND_ERR_SOCKET' && inner !== undefined) return inner;
  return typeof code === 'string' ? code : inner;
}

function tlsCause(code: string | undefined): string | undefined {
  return code?.startsWith('ERR_SSL') || code?.startsWith('ERR_TLS') || code?.includes('CERT')
    ? `TLS failed (${code})`
    : undefined;
}
