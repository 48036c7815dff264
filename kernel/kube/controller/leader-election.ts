import { isAlreadyExists, isConflict, isNotFound } from '@krateyard/status/status-error';
import { pause, type Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Client } from '../client/client.ts';
import type { KubeObject } from '../meta/object.ts';

export interface LeaderElectionOptions {
  readonly client: Pick<Client, 'get' | 'create' | 'patch'>;
  readonly namespace: string;
  /** The Lease's name. */
  readonly name: string;
  /** Who we are: unique among the candidates. */
  readonly identity: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long others wait after our last sign of life. */
  readonly leaseMs?: number;
  /** We stop leading when no renewal has succeeded for this long; less than `leaseMs`, so that there are never two. */
  readonly renewDeadlineMs?: number;
  readonly retryMs?: number;
}

interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

const LEASES = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };

/**
 * Runs `lead` while we hold the Lease; its signal aborts when we lose it. After a loss, or when `lead` returns, we stand
 * again. Gives the Lease back at the end. Other candidates' clocks do not matter: their renewals are timed by ours.
 */
export function leaderElection(
  options: LeaderElectionOptions,
  lead: (signal: AbortSignal) => Promise<void>,
): { readonly name: string; start(signal: AbortSignal): Promise<void> } {
  return {
    name: `leader election ${options.name}`,
    start: (signal) => new Candidate(options).run(signal, lead),
  };
}

class Candidate {
  readonly #options: LeaderElectionOptions;
  readonly #leaseMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryMs: number;
  /** What we saw of somebody else's lease, and when it last changed by our clock. */
  #seen: { readonly resourceVersion: string; readonly at: number } | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 15_000;
    this.#renewDeadlineMs = options.renewDeadlineMs ?? 10_000;
    this.#retryMs = options.retryMs ?? 2_000;
  }

  async run(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { clock, logger, name } = this.#options;
    while (!signal.aborted) {
      if (await this.#acquire(signal)) {
        logger.info('leading', { name });
        await this.#hold(signal, lead);
        logger.info('no longer leading', { name });
      }
      await pause(clock, this.#jittered(), signal);
    }
  }

  async #hold(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const term = new AbortController();
    const onAbort = (): void => term.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const renewing = this.#renew(term);
    try {
      await lead(term.signal);
    } catch (err) {
      if (!term.signal.aborted)
        this.#options.logger.error('leader failed', { name: this.#options.name, err });
    } finally {
      signal.removeEventListener('abort', onAbort);
      term.abort(signal.reason ?? new Error('The term is over.'));
      await renewing;
      await this.#release();
    }
  }

  /** Keeps the lease until the term ends; ends the term when it cannot. */
  async #renew(term: AbortController): Promise<void> {
    const { clock } = this.#options;
    let renewedAt = clock.monotonic();
    while (!term.signal.aborted) {
      await pause(clock, this.#jittered(), term.signal);
      if (term.signal.aborted) return;
      // A request that hangs must not keep us leading: the deadline ends the term whatever becomes of it.
      const cancel = clock.after(Math.max(0, renewedAt + this.#renewDeadlineMs - clock.monotonic()), () =>
        term.abort(new Error('The lease could not be renewed in time.')),
      );
      if (await this.#acquire(term.signal)) renewedAt = clock.monotonic();
      cancel();
    }
  }

  /** True when the lease is ours afterwards. */
  async #acquire(signal: AbortSignal): Promise<boolean> {
    const { client, namespace, name, logger } = this.#options;
    try {
      const lease = await client.get<Lease>(LEASES, name, namespace, { signal });
      if (!this.#mayTake(lease)) return false;
      const key = { name, namespace };
      await client.patch(
        LEASES,
        key,
        'merge',
        { metadata: { resourceVersion: lease.metadata.resourceVersion }, spec: this.#spec(lease) },
        { signal },
      );
      return true;
    } catch (err) {
      if (isNotFound(err)) return this.#create(signal);
      if (!isConflict(err) && !signal.aborted) logger.debug('lease cannot be taken now', { name, err });
      return false;
    }
  }

  async #create(signal: AbortSignal): Promise<boolean> {
    const { client, namespace, name, logger } = this.#options;
    const lease: Lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace },
      spec: this.#spec(undefined),
    };
    try {
      await client.create(LEASES, lease, { signal });
      return true;
    } catch (err) {
      if (!isAlreadyExists(err) && !signal.aborted)
        logger.debug('lease cannot be created now', { name, err });
      return false;
    }
  }

  /** Ours, given back, or not renewed for its whole duration since we first saw it so. */
  #mayTake(lease: Lease): boolean {
    const { holderIdentity, leaseDurationSeconds } = lease.spec ?? {};
    if (!holderIdentity || holderIdentity === this.#options.identity) return true;
    const now = this.#options.clock.monotonic();
    const { resourceVersion = '' } = lease.metadata;
    if (this.#seen?.resourceVersion !== resourceVersion) this.#seen = { resourceVersion, at: now };
    return now - this.#seen.at > (leaseDurationSeconds ?? this.#leaseMs / 1000) * 1000;
  }

  #spec(lease: Lease | undefined): NonNullable<Lease['spec']> {
    const { identity, clock } = this.#options;
    const now = new Date(clock.now()).toISOString().replace('Z', '000Z');
    const ours = lease?.spec?.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#leaseMs / 1000),
      renewTime: now,
      ...(!ours && { acquireTime: now, leaseTransitions: (lease?.spec?.leaseTransitions ?? -1) + 1 }),
    };
  }

  /** Lets the next candidate in at once; if this fails, the lease runs out by itself. */
  async #release(): Promise<void> {
    const { client, namespace, name, identity } = this.#options;
    try {
      const lease = await client.get<Lease>(LEASES, name, namespace);
      if (lease.spec?.holderIdentity !== identity) return;
      const patch = {
        metadata: { resourceVersion: lease.metadata.resourceVersion },
        spec: { holderIdentity: '', leaseDurationSeconds: 1 },
      };
      await client.patch(LEASES, { name, namespace }, 'merge', patch);
    } catch (err) {
      this.#options.logger.debug('lease could not be given back', { name, err });
    }
  }

  #jittered(): number {
    return this.#retryMs * (0.8 + 0.4 * this.#options.clock.random());
  }
}
