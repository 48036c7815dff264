import type { Principal } from './principal.ts';

/** What a session rests on. Sealed into the cookie, so that a restarted gateway can check it again; a new way to sign in is a new arm. */
export type Proof =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'own' };

/** Tells who a proof belongs to now. */
export interface ProofResolver {
  /**
   * Undefined when the proof does not hold (any more). `maxAgeMs` bounds how old a reused answer may be. Rejects with
   * StatusError when that cannot be told now.
   */
  resolve(
    proof: Proof,
    options?: { maxAgeMs?: number; signal?: AbortSignal },
  ): Promise<Principal | undefined>;
}
