import type { ContainerLog } from '../container-log.ts';
import type { Container, ContainerState } from '../pod-types.ts';
import type { Exit, Program, RunningProgram } from '../programs/program.ts';

export type ContainerKind = 'init' | 'sidecar' | 'main' | 'ephemeral';

export type Phase =
  | { readonly is: 'idle' }
  | { readonly is: 'blocked'; readonly reason: string; readonly message: string; readonly until: number }
  | { readonly is: 'pulling'; readonly since: number; readonly until: number }
  | { readonly is: 'starting'; readonly until: number }
  | {
      readonly is: 'running';
      readonly startedAt: number;
      readonly program: RunningProgram;
      /** Undefined: it never answers. */
      readonly readyAt: number | undefined;
      readonly containerID: string;
      /** SIGTERM was sent. */
      readonly stopping?: boolean;
    }
  | {
      readonly is: 'ended';
      readonly terminated: NonNullable<ContainerState['terminated']>;
      readonly until?: number;
    }
  | { readonly is: 'backoff'; readonly until: number; readonly message: string };

/** What a kubelet knows of one container. */
export interface ContainerRecord {
  readonly kind: ContainerKind;
  spec: Container;
  phase: Phase;
  restarts: number;
  /** Failed starts in a row, for the back-off. */
  crashes: number;
  pullFailures: number;
  last: ContainerState['terminated'] | undefined;
  log: ContainerLog | undefined;
  previousLog: ContainerLog | undefined;
  program: Program | undefined;
  /** Survives restarts only for what `kubectl exec` left in the files of the running instance. */
  instance: number;
  /** Told by the program when it ends, taken up at the next look. */
  exit: Exit | undefined;
  nextProbeEventAt: number;
}

export function newRecord(kind: ContainerKind, spec: Container): ContainerRecord {
  return {
    kind,
    spec,
    phase: { is: 'idle' },
    restarts: 0,
    crashes: 0,
    pullFailures: 0,
    last: undefined,
    log: undefined,
    previousLog: undefined,
    program: undefined,
    instance: 0,
    exit: undefined,
    nextProbeEventAt: 0,
  };
}

export function isRunning(record: ContainerRecord): boolean {
  return record.phase.is === 'running';
}

export function isReadyAt(record: ContainerRecord, now: number): boolean {
  return record.phase.is === 'running' && record.phase.readyAt !== undefined && record.phase.readyAt <= now;
}

/** Ended, and will not be started again. */
export function isDone(record: ContainerRecord): boolean {
  return record.phase.is === 'ended' && record.phase.until === undefined;
}

export function exitCodeOf(record: ContainerRecord): number | undefined {
  return record.phase.is === 'ended' ? record.phase.terminated.exitCode : undefined;
}
