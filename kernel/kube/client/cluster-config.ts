import type { Impersonation } from './client.ts';

/** PEM text, inline or in a file that may be replaced while we run. */
export type PemSource = { readonly pem: string } | { readonly file: string };

/** An exec plugin of a kubeconfig (`client.authentication.k8s.io`). */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly provideClusterInfo: boolean;
  readonly installHint: string | undefined;
}

/** How we prove who we are. Client certificates stand beside these, as TLS presents them whatever the header says. */
export type AuthMethod =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'token-file'; readonly file: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'exec'; readonly plugin: ExecPlugin };

export interface ClientCertificate {
  readonly certificate: PemSource;
  readonly key: PemSource;
}

/** One cluster and one identity on it: a kubeconfig's context or the pod that we run in. Holds secrets: never log it. */
export interface ClusterConfig {
  /** The context's name, or `in-cluster`. */
  readonly name: string;
  /** `https://host:port`, possibly with a path, without a slash at its end. */
  readonly server: string;
  /** What the context means by "here". */
  readonly namespace: string;
  readonly ca: PemSource | undefined;
  readonly tlsServerName: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  readonly proxyUrl: string | undefined;
  readonly auth: AuthMethod;
  readonly clientCertificate: ClientCertificate | undefined;
  readonly impersonate: Impersonation | undefined;
}
