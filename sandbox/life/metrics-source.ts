/** What `metrics.k8s.io` asks. */
export interface MetricsSource {
  node(name: string): UsageSample | undefined;
  pod(namespace: string, name: string): PodUsageSample | undefined;
}

export interface UsageSample {
  /** Nanocores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  /** RFC 3339. */
  readonly timestamp: string;
  /** A Go duration, `20.1s`. */
  readonly window: string;
}

export interface PodUsageSample {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly cpu: number; readonly memory: number }[];
}
