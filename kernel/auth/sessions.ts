import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { StatusError } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import type { Authentication, Authenticator } from './authenticator.ts';
import { RECHECK_AGE_MS, tokenExpiry } from './bearer-authenticator.ts';
import type { Principal } from './principal.ts';
import type { Proof, ProofResolver } from './proof.ts';
import type { Revocations } from './revocations.ts';
import { MAX_COOKIE_BYTES, openSession, sealSession, type SessionFacts } from './session-cookie.ts';

export interface SessionsOptions {
  readonly key: Uint8Array;
  readonly proofs: ProofResolver;
  readonly revocations: Revocations;
  readonly clock?: Clock;
  /** Without a request for this long a session is over. A live stream of it may outlast this, not `maxMs`. */
  readonly idleMs: number;
  /** However busy: then the person signs in again. */
  readonly maxMs: number;
}

/** A session as it goes to the browser. `cookie` is the sealed value, without name and attributes. */
export interface StartedSession {
  readonly authentication: Authentication;
  readonly cookie: string;
}

/** Cookie sessions without a table: the sealed cookie holds the proof, the source of truth is asked again and again. */
export class Sessions implements Authenticator {
  readonly name = 'session';
  readonly #options: SessionsOptions;
  readonly #clock: Clock;
  readonly #cookieId: string;
  readonly #facts = new WeakMap<Authentication, SessionFacts>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    // Cookies do not know ports: gateways on one host must not overwrite each other's.
    this.#cookieId = createHash('sha256').update(options.key).digest('hex').slice(0, 8);
  }

  /** `secure`: the browser reached us by HTTPS. The prefix makes browsers refuse the cookie from sub-domains and over HTTP. */
  cookieName(secure: boolean): string {
    return `${secure ? '__Host-' : ''}krateyard-${this.#cookieId}`;
  }

  /** Rejects with StatusError Unauthorized when the proof does not hold, Invalid when it is too large for a cookie. */
  async start(proof: Proof, signal?: AbortSignal): Promise<StartedSession> {
    const principal = await this.#options.proofs.resolve(proof, signal && { signal });
    if (!principal) throw new StatusError('Unauthorized', 'Signing in failed: the proof is not valid here.');
    const now = this.#clock.now();
    return this.#started({ id: randomUUID(), startedAt: now, renewedAt: now, proof }, principal);
  }

  /** The same session on a new proof of the same person; its streams go on. Rejects with Forbidden for somebody else's. */
  async renewProof(facts: SessionFacts, proof: Proof, signal?: AbortSignal): Promise<StartedSession> {
    const options = signal && { signal };
    const [before, principal] = await Promise.all([
      this.#options.proofs.resolve(facts.proof, options).catch(() => undefined),
      this.#options.proofs.resolve(proof, options),
    ]);
    if (!principal) throw new StatusError('Unauthorized', 'Signing in failed: the proof is not valid here.');
    if (before?.id !== principal.id) return this.start(proof, signal);
    return this.#started({ ...facts, renewedAt: this.#clock.now(), proof }, principal);
  }

  async authenticate(
    request: { headers: IncomingHttpHeaders },
    signal: AbortSignal,
  ): Promise<Authentication | undefined> {
    const facts = await this.read(request.headers);
    if (!facts) return undefined;
    const principal = await this.#options.proofs.resolve(facts.proof, { signal });
    if (!principal || this.#options.revocations.isRevoked(facts, principal.id)) return undefined;
    return this.#authentication(facts, principal);
  }

  /** The facts of the request's cookie, if one was sealed here and is not expired. Not yet an authentication. */
  async read(headers: IncomingHttpHeaders): Promise<SessionFacts | undefined> {
    const sealed = this.#sealed(headers.cookie);
    const facts = sealed === undefined ? undefined : await openSession(sealed, this.#options.key);
    const now = this.#clock.now();
    if (!facts || now >= facts.renewedAt + this.#options.idleMs) return undefined;
    return now >= facts.startedAt + this.#options.maxMs ? undefined : facts;
  }

  /** A newly sealed cookie when a twelfth of the idle time has gone by, so that active people stay signed in. */
  async refreshed(authentication: Authentication): Promise<string | undefined> {
    const facts = this.#facts.get(authentication);
    const now = this.#clock.now();
    if (!facts || now - facts.renewedAt < this.#options.idleMs / 12) return undefined;
    return sealSession({ ...facts, renewedAt: now }, this.#options.key);
  }

  async #started(facts: SessionFacts, principal: Principal): Promise<StartedSession> {
    const cookie = await sealSession(facts, this.#options.key);
    if (cookie.length > MAX_COOKIE_BYTES) {
      throw new StatusError('Invalid', 'The token is too long for a browser session.', {
        details: { causes: [{ field: 'token', message: 'at most about 2,700 characters' }] },
      });
    }
    return { authentication: this.#authentication(facts, principal), cookie };
  }

  #authentication(facts: SessionFacts, principal: Principal): Authentication {
    const { proofs, revocations, maxMs } = this.#options;
    const ends = [
      facts.startedAt + maxMs,
      facts.proof.kind === 'token' ? tokenExpiry(facts.proof.token) : undefined,
    ];
    const authentication: Authentication = {
      principal,
      credentialId: sessionCredentialId(facts.id),
      ambient: true,
      expiresAt: Math.min(...ends.filter((end) => end !== undefined)),
      stillValid: async (signal) => {
        if (revocations.isRevoked(facts, principal.id)) return false;
        return (await proofs.resolve(facts.proof, { maxAgeMs: RECHECK_AGE_MS, signal }))?.id === principal.id;
      },
    };
    this.#facts.set(authentication, facts);
    return authentication;
  }

  #sealed(header: string | undefined): string | undefined {
    const cookies = header?.split(';').map((pair) => pair.trim()) ?? [];
    for (const name of [this.cookieName(true), this.cookieName(false)]) {
      const found = cookies.find((pair) => pair.startsWith(`${name}=`));
      if (found) return found.slice(name.length + 1);
    }
    return undefined;
  }
}

function sessionCredentialId(sessionId: string): string {
  return `session:${sessionId}`;
}
