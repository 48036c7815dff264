/** Who makes a request, after authentication and impersonation: `authentication.k8s.io/v1 UserInfo`. */
export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Bypasses authorization, as Kubernetes' `system:masters` does. */
export const MASTERS = 'system:masters';
