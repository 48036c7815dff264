import { StatusError } from '@krateyard/status/status-error';
import type { Authentication } from './authenticator.ts';
import type { WatchedCredential } from './credential-watch.ts';

const DEADLINE_MS = 10_000;

/** A stream goes on with the token that came in an `auth` frame. Rejects with StatusError Unauthorized, or Forbidden for another’s. */
export async function renewProof(
  proof: WatchedCredential,
  authenticateToken: (token: string, signal: AbortSignal) => Promise<Authentication>,
  token: string,
): Promise<Authentication> {
  const next = await authenticateToken(token, AbortSignal.timeout(DEADLINE_MS));
  if (proof.renew(next)) return next;
  throw new StatusError('Forbidden', 'this token is another person’s; open another socket');
}
