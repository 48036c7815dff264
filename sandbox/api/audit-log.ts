/** One request as it was made and answered: for tests that a thing was done as the person. */
export interface AuditEvent {
  readonly user: string;
  /** As whom, where impersonation was asked for. */
  readonly impersonatedUser?: string;
  readonly impersonatedGroups?: readonly string[];
  readonly verb: string;
  readonly path: string;
  readonly code: number;
}

/** The last requests, oldest first. */
export class AuditLog {
  readonly #limit: number;
  #events: AuditEvent[] = [];

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  get events(): readonly AuditEvent[] {
    return this.#events;
  }

  record(event: AuditEvent): void {
    this.#events.push(event);
    if (this.#events.length > 2 * this.#limit) this.#events = this.#events.slice(-this.#limit);
  }

  clear(): void {
    this.#events = [];
  }
}
