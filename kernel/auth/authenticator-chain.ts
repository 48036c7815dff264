import type { Authenticator } from './authenticator.ts';

/** The first authenticator that finds its kind of proof decides; a proof that does not hold is not made good by another. */
export function createAuthenticatorChain(authenticators: readonly Authenticator[]): Authenticator {
  return {
    name: authenticators.map((one) => one.name).join('+'),
    async authenticate(request, signal) {
      for (const one of authenticators) {
        const authentication = await one.authenticate(request, signal);
        if (authentication) return authentication;
      }
      return undefined;
    },
  };
}
