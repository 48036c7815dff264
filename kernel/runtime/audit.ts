import type { Principal } from '@krateyard/auth/principal';

/** One thing that a person did or saw just now and that must be accounted for. Holds names, never values. */
export interface AuditEvent<Action extends string = string> {
  readonly action: Action;
  readonly who: Principal;
  readonly requestId: string;
  readonly cluster: string;
  readonly namespace: string;
  /** Of the object that it was done to. */
  readonly name: string;
  /** What of it, or as whom, where the action does not say that: a key, a session, a viewer’s id. */
  readonly key: string;
  readonly outcome: 'allowed' | 'refused';
  readonly reason?: string;
}

export interface AuditTrail<Action extends string = string> {
  record(event: AuditEvent<Action>): void;
}
