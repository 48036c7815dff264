import { assertNever } from '@krateyard/status/assert-never';
import type { Client } from '@krateyard/kube/client/client';
import { ownIdentity } from './own-identity.ts';
import type { Person } from './people.ts';
import type { Principal } from './principal.ts';
import type { Proof, ProofResolver } from './proof.ts';
import type { TokenReviewer } from './token-reviewer.ts';

export interface ProofResolverOptions {
  readonly tokens: TokenReviewer;
  /** The sandbox's people; empty on a real cluster. */
  readonly people: readonly Person[];
  /** The client whose identity `own` sessions have; absent when that is not offered. */
  readonly own?: Client | undefined;
}

export function createProofResolver({ tokens, people, own }: ProofResolverOptions): ProofResolver {
  let ownPrincipal: Principal | undefined;
  const resolveOwn = async (signal?: AbortSignal): Promise<Principal | undefined> =>
    own && (ownPrincipal ??= await ownIdentity(own, signal));
  return {
    async resolve(proof: Proof, options = {}) {
      switch (proof.kind) {
        case 'token':
          return tokens.review(proof.token, options);
        case 'person':
          return people.find(({ name }) => name === proof.name)?.principal();
        case 'own':
          return resolveOwn(options.signal);
        default:
          return assertNever(proof);
      }
    },
  };
}
