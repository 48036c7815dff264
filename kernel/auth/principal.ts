/** The person (or service account) behind a request. Compared by `id`. */
export interface Principal {
  /** Stable and unique: how the person was authenticated and the username, `kubernetes:alice`. */
  readonly id: string;
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /**
   * How they reach the API server: `impersonate` as this user with the gateway's own credentials; `own` when the gateway
   * runs on the person's own kubeconfig (loopback only) and simply is that person.
   */
  readonly via: 'impersonate' | 'own';
}
