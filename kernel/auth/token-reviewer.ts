import { createHmac, randomBytes } from 'node:crypto';
import type { Client } from '@krateyard/kube/client/client';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { ConcurrencyGate } from './concurrency-gate.ts';
import { gatewayFailure } from './gateway-failure.ts';
import { MAX_TOKEN_BYTES } from './presented-token.ts';
import type { Principal } from './principal.ts';
import { serviceAccountExists } from './service-account-exists.ts';
import { untilAborted } from './until-aborted.ts';
import { dropOldest } from './drop-oldest.ts';

/** Who a bearer token belongs to, according to the API server (TokenReview with the gateway's own credentials). */
export interface TokenReviewer {
  /**
   * Undefined when the token does not hold. An answer up to `maxAgeMs` old may be reused (default: the reviewer's cache
   * time); equal tokens asked for at once are asked once. Rejects with StatusError when the API server cannot tell now.
   */
  review(
    token: string,
    options?: { maxAgeMs?: number; signal?: AbortSignal },
  ): Promise<Principal | undefined>;
  /** Equal for equal tokens, of no use to who reads it: keyed by a secret of this process. */
  fingerprint(token: string): string;
}

export interface TokenReviewerOptions {
  readonly client: Client;
  readonly clock?: Clock;
  /** How long an answer may be reused by requests. */
  readonly cacheMs?: number;
  readonly maxEntries?: number;
  readonly timeoutMs?: number;
}

/** Whoever sends random tokens costs the API server no more than this. */
const MAX_CONCURRENT = 16;
const MAX_WAITING = 1_000;

interface Remembered {
  readonly answer: Promise<Principal | undefined>;
  /** Monotonic; undefined while the question is on its way. */
  answeredAt: number | undefined;
}

interface TokenReviewBody {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: {
      readonly username?: string;
      readonly uid?: string;
      readonly groups?: readonly string[];
      readonly extra?: Readonly<Record<string, readonly string[]>>;
    };
  };
}

export function createTokenReviewer(options: TokenReviewerOptions): TokenReviewer {
  const { client, clock = systemClock, cacheMs = 5_000, maxEntries = 2_000, timeoutMs = 10_000 } = options;
  const remembered = new Map<string, Remembered>();
  const gate = new ConcurrencyGate(MAX_CONCURRENT, MAX_WAITING);
  const secret = randomBytes(32);
  const fingerprint = (token: string): string =>
    createHmac('sha256', secret).update(token).digest('base64url').slice(0, 32);

  const ask = (key: string, token: string): Promise<Principal | undefined> => {
    const answer = gate.run(() => reviewToken(client, token, AbortSignal.timeout(timeoutMs)));
    const entry: Remembered = { answer, answeredAt: undefined };
    remembered.delete(key);
    remembered.set(key, entry);
    dropOldest(remembered, maxEntries);
    answer.then(
      () => (entry.answeredAt = clock.monotonic()),
      () => remembered.get(key) === entry && remembered.delete(key),
    );
    return answer;
  };

  return {
    fingerprint,
    review(token, { maxAgeMs = cacheMs, signal } = {}) {
      if (token === '' || token.length > MAX_TOKEN_BYTES) return Promise.resolve(undefined);
      const key = fingerprint(token);
      const known = remembered.get(key);
      const fresh =
        known && (known.answeredAt === undefined || clock.monotonic() - known.answeredAt <= maxAgeMs);
      return untilAborted(fresh ? known.answer : ask(key, token), signal);
    },
  };
}

async function reviewToken(
  client: Client,
  token: string,
  signal: AbortSignal,
): Promise<Principal | undefined> {
  const review = client.request<TokenReviewBody>({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } },
    signal,
  });
  const { status } = await review.catch((error: unknown) => {
    throw gatewayFailure(error, 'whose token this is');
  });
  const user = status?.user;
  if (!status?.authenticated || !user?.username) return undefined;
  const principal: Principal = {
    id: `kubernetes:${user.username}`,
    username: user.username,
    groups: user.groups ?? [],
    ...(user.uid ? { uid: user.uid } : {}),
    ...(user.extra ? { extra: user.extra } : {}),
    via: 'impersonate',
  };
  return (await serviceAccountExists(client, principal, signal)) ? principal : undefined;
}
