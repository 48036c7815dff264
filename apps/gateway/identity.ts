import type { Authenticator } from '@krateyard/auth/authenticator';
import { createAuthenticatorChain } from '@krateyard/auth/authenticator-chain';
import { createBearerAuthenticator } from '@krateyard/auth/bearer-authenticator';
import { CredentialWatch } from '@krateyard/auth/credential-watch';
import type { Person } from '@krateyard/auth/people';
import { createProofResolver } from '@krateyard/auth/proof-resolver';
import { Revocations } from '@krateyard/auth/revocations';
import { loadSessionKey } from '@krateyard/auth/session-key';
import { Sessions } from '@krateyard/auth/sessions';
import { createTicketAuthenticator } from '@krateyard/auth/ticket-authenticator';
import { Tickets } from '@krateyard/auth/tickets';
import { createTokenReviewer, type TokenReviewer } from '@krateyard/auth/token-reviewer';
import type { Client } from '@krateyard/kube/client/client';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import { join } from 'node:path';
import type { Config } from './config-schema.ts';

/** Everything that tells who asks. */
export interface Identity {
  readonly tokens: TokenReviewer;
  readonly tickets: Tickets;
  readonly revocations: Revocations;
  readonly sessions: Sessions;
  readonly credentials: CredentialWatch;
  readonly authenticator: Authenticator;
}

export interface IdentityDeps {
  readonly client: Client;
  readonly people: readonly Person[];
  /** Whether people may sign in as the kubeconfig's own identity. */
  readonly own: boolean;
  readonly stateDir: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const MINUTE_MS = 60_000;

export function createIdentity(config: Config, deps: IdentityDeps): Identity {
  const { client, clock, metrics } = deps;
  const key = loadSessionKey({ secret: config.sessionKey, stateDir: deps.stateDir });
  if (key.source === 'memory') {
    deps.logger.warn('The session key cannot be kept in the state folder: a restart ends all sessions.');
  }
  const maxMs = config.sessionMaxMinutes * MINUTE_MS;
  const file = key.source === 'file' && deps.stateDir ? join(deps.stateDir, 'revocations.json') : undefined;
  const tokens = createTokenReviewer({ client, clock });
  const tickets = new Tickets({ clock });
  const revocations = new Revocations({ file, lifetimeMs: maxMs, clock });
  const proofs = createProofResolver({ tokens, people: deps.people, own: deps.own ? client : undefined });
  const idleMs = config.sessionIdleMinutes * MINUTE_MS;
  const sessions = new Sessions({ key: key.bytes, proofs, revocations, clock, idleMs, maxMs });
  return {
    tokens,
    tickets,
    revocations,
    sessions,
    credentials: new CredentialWatch({ clock, metrics }),
    // OIDC will be one more: bearer tokens of its issuer, and a proof in the session.
    authenticator: createAuthenticatorChain([
      createTicketAuthenticator(tickets),
      createBearerAuthenticator(tokens),
      sessions,
    ]),
  };
}
