import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from './principal.ts';

/** A proof of identity that can be checked again later, and ends. */
export interface Authentication {
  readonly principal: Principal;
  /** Milliseconds since the epoch; after it the proof is void. */
  readonly expiresAt?: number;
  /** Opaque and secret-free: equal for equal proofs, so that one re-check serves many sockets. */
  readonly credentialId: string;
  /** True when browsers send the proof by themselves (a cookie): such requests must come from our own pages. */
  readonly ambient?: boolean;
  /** Asks the source of truth again; resolves false when the proof no longer holds. Rejects when that cannot be told now. */
  stillValid(signal: AbortSignal): Promise<boolean>;
}

/**
 * One way to tell who asks. Resolves undefined when the request carries no proof of this kind, rejects with StatusError
 * Unauthorized when it carries one that does not hold.
 */
export interface Authenticator {
  readonly name: string;
  authenticate(
    request: { headers: IncomingHttpHeaders; url: string },
    signal: AbortSignal,
  ): Promise<Authentication | undefined>;
}
