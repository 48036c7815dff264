import type { Duplex } from 'node:stream';

export interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
  readonly limitBytes?: number;
}

export interface ExecOptions {
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** A TTY or none is what the container has. */
export type AttachOptions = Omit<ExecOptions, 'command' | 'tty'>;

/** The kubelet's side of an exec or attach: the caller frames it for the wire. */
export interface ExecSession {
  /** Writes reach the process, also a half-close. With a TTY the line discipline is on this side. */
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  /** Ends at once with a TTY, where everything comes on `stdout`. */
  readonly stderr: NodeJS.ReadableStream;
  resize(columns: number, rows: number): void;
  /** Resolves when the process has ended and its output is flushed. */
  readonly exited: Promise<{ exitCode: number } | { error: string }>;
  /** Hangs up: an exec's process ends, one that was attached to is left. */
  kill(): void;
}

/** What a node does for a pod that the API server cannot do itself. Fails with StatusErrors (container not found, not running). */
export interface PodRuntime {
  /** Bytes of the container's log; ends when the container ends or, without `follow`, at the end of what there is. */
  logs(
    namespace: string,
    pod: string,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  exec(namespace: string, pod: string, options: ExecOptions): Promise<ExecSession>;
  /** What the container's program prints from now on, and its standard input where it has one. */
  attach(namespace: string, pod: string, options: AttachOptions): Promise<ExecSession>;
  /** A connection to a port of the pod, for port-forward. */
  dial(namespace: string, pod: string, port: number): Promise<Duplex>;
}
