import { randomBytes } from 'node:crypto';
import { isRetriable } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import type { Authentication } from './authenticator.ts';
import type { Proof } from './proof.ts';
import { dropOldest } from './drop-oldest.ts';

/** What a ticket is good for: starting a session, or opening one socket as somebody who is signed in. */
export type TicketGrant =
  | { readonly for: 'sign-in'; readonly proof: Proof }
  | {
      readonly for: 'socket';
      readonly authentication: Authentication;
      /** Path and query, encoded: good for this address alone, not for one with more or less in its query. Absent: for any. */
      readonly address?: string;
    };

/** One-shot secrets for URLs: they end up in histories and logs, so each works once and not for long. */
export class Tickets {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #open = new Map<string, { grant: TicketGrant; expiresAt: number }>();

  constructor(options: { clock?: Clock; max?: number } = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#max = options.max ?? 10_000;
  }

  /** 192 random bits as URL-safe text. When too many are open the oldest is void. */
  issue(grant: TicketGrant, lifetimeMs: number): string {
    this.#prune();
    const ticket = randomBytes(24).toString('base64url');
    this.#open.set(ticket, { grant, expiresAt: this.#clock.now() + lifetimeMs });
    return ticket;
  }

  /** The grant, once; undefined when unknown, used, expired or meant for something else. */
  redeem<F extends TicketGrant['for']>(
    ticket: string,
    purpose: F,
  ): Extract<TicketGrant, { for: F }> | undefined {
    const found = this.#open.get(ticket);
    this.#open.delete(ticket);
    if (!found || found.expiresAt <= this.#clock.now() || found.grant.for !== purpose) return undefined;
    return found.grant as Extract<TicketGrant, { for: F }>;
  }

  /**
   * Redeems for `work`; undefined when the ticket is void. When `work` fails for a reason that may pass by itself (the API
   * server is away) the ticket is as good as before.
   */
  async use<F extends TicketGrant['for'], T>(
    ticket: string,
    purpose: F,
    work: (grant: Extract<TicketGrant, { for: F }>) => Promise<T>,
  ): Promise<T | undefined> {
    const taken = this.#open.get(ticket);
    const grant = this.redeem(ticket, purpose);
    if (!taken || !grant) return undefined;
    try {
      return await work(grant);
    } catch (error) {
      if (isRetriable(error)) this.#open.set(ticket, taken);
      throw error;
    }
  }

  #prune(): void {
    const now = this.#clock.now();
    for (const [ticket, { expiresAt }] of this.#open) if (expiresAt <= now) this.#open.delete(ticket);
    dropOldest(this.#open, this.#max - 1);
  }
}
