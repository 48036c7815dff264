import { StatusError } from '@krateyard/status/status-error';

/** What the peer sent is no RFB, or beyond a bound: its connection ends, nothing else. */
export const brokenProtocol = (what: string): StatusError =>
  new StatusError('BadRequest', `The other side of the screen sent ${what}.`);

export const linkEnded = (): StatusError =>
  new StatusError('ServiceUnavailable', 'The other side of the screen ended the connection.');
