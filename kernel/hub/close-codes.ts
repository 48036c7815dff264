/**
 * Why a socket was closed, in one table. 4000–4499: reconnect (with back-off, and with the resume token if there is one);
 * 4500–4999: do not, the same request would end the same way. Codes of the status package's reasons are the same numbers.
 */
export const CLOSE_CODES = {
  draining: { code: 4001, text: 'The gateway is stopping; reconnect to another or later.' },
  slowConsumer: { code: 4002, text: 'The client reads too slowly; reconnect and resume.' },
  upstreamUnavailable: { code: 4003, text: 'The API server cannot be reached; reconnect later.' },
  heartbeatMissed: { code: 4004, text: 'The client did not answer pings; reconnect.' },
  internal: { code: 4000, text: 'Something failed inside the gateway; reconnect.' },
  tooMany: { code: 4029, text: 'A limit on sockets, subscriptions or frames was reached; reconnect later.' },
  badFrame: { code: 4500, text: 'A frame could not be understood.' },
  unauthenticated: {
    code: 4501,
    text: 'The session has ended or its token is no longer valid; sign in again.',
  },
  forbidden: { code: 4503, text: 'The right to see this was lost.' },
  frameTooLarge: { code: 4513, text: 'A frame was larger than allowed.' },
} as const satisfies Record<string, { code: number; text: string }>;

export type CloseReason = keyof typeof CLOSE_CODES;

/** True when the person may not see this any more, or is nobody any more. */
export function isRightLost(code: number): boolean {
  return code === CLOSE_CODES.unauthenticated.code || code === CLOSE_CODES.forbidden.code;
}

/** True when a client should come back after a close with this code. Codes outside our ranges are network failures: reconnect. */
export function shouldReconnect(code: number): boolean {
  return !(code >= 4500 && code <= 4999) && code !== 1008 && code !== 1009;
}
