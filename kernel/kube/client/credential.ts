/** What a request presents. Holds secrets. */
export interface Credential {
  readonly authorization: string | undefined;
  /** PEM, from an exec plugin; wins over the configured certificate. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
}

export interface CredentialSource {
  /** Fails with a StatusError `Unauthorized` that says what could not be obtained. */
  current(): Promise<Credential>;
  /** After a 401: forgets what was told. True when asking again may give something else. */
  renew(): boolean;
}
