import { decodeJwt } from 'jose';
import { StatusError } from '@krateyard/status/status-error';
import type { Authentication, Authenticator } from './authenticator.ts';
import { presentedToken } from './presented-token.ts';
import type { TokenReviewer } from './token-reviewer.ts';

/** How old an answer may be when a live stream's credential is asked about again; joins the questions of streams with one token. */
export const RECHECK_AGE_MS = 200;

/** Kubernetes bearer tokens, by header or subprotocol. */
export function createBearerAuthenticator(reviewer: TokenReviewer): Authenticator {
  return {
    name: 'kubernetes',
    async authenticate({ headers }, signal) {
      const token = presentedToken(headers);
      return token === undefined ? undefined : authenticateToken(reviewer, token, signal);
    },
  };
}

/** Rejects with StatusError Unauthorized when the token does not hold. */
export async function authenticateToken(
  reviewer: TokenReviewer,
  token: string,
  signal?: AbortSignal,
): Promise<Authentication> {
  const principal = await reviewer.review(token, signal && { signal });
  if (!principal) throw new StatusError('Unauthorized', 'The bearer token is not valid here.');
  const expiresAt = tokenExpiry(token);
  return {
    principal,
    credentialId: `token:${reviewer.fingerprint(token)}`,
    ...(expiresAt !== undefined && { expiresAt }),
    stillValid: async (recheck) =>
      (await reviewer.review(token, { maxAgeMs: RECHECK_AGE_MS, signal: recheck }))?.id === principal.id,
  };
}

/** `exp` of a JWT in milliseconds since the epoch; undefined for other tokens. Not a proof: the API server has verified it. */
export function tokenExpiry(token: string): number | undefined {
  try {
    const { exp } = decodeJwt(token);
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
