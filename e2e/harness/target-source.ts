import type { SandboxOptions } from '@krateyard/sandbox/sandbox';

export interface TargetOptions {
  /** What the sandbox is filled with; a real cluster is taken as it is. Default `none`. */
  readonly scene?: string;
  /** Changes that each collection of a sandbox remembers, where a test needs it to forget soon. */
  readonly historyLimit?: number;
  /** What a sandbox does not serve. */
  readonly without?: NonNullable<SandboxOptions['without']>;
}

/** How a target is reached and restarted; what differs between the embedded cluster and a real one. */
export interface TargetSource {
  readonly kind: 'sandbox' | 'cluster';
  /** A kubeconfig file whose current context is an administrator. */
  readonly kubeconfig: string;
  /** Kills the API server without notice and brings it back `downSeconds` later, at the same address with the same objects. */
  restartApiServer(downSeconds?: number): Promise<void>;
  /** Kills the node's kubelet without notice and brings it back; its containers go on. Absent where there is none to kill. */
  readonly restartKubelet?: () => Promise<void>;
  close(): Promise<void>;
}
