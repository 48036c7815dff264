import type { Clock } from '@krateyard/telemetry/clock';
import type { ContainerLog } from '../container-log.ts';
import type { Container, Pod } from '../pod-types.ts';
import type { Machine } from '../shell/machine.ts';
import type { TimerQueue } from '../timer-queue.ts';
import type { ProgramConsole } from './program-console.ts';

export interface Exit {
  readonly exitCode: number;
  readonly reason?: 'Completed' | 'Error' | 'OOMKilled' | 'ContainerCannotRun' | 'StartError';
  readonly message?: string;
}

/** Where a program runs. */
export interface ProgramSetting {
  readonly pod: Pod;
  readonly container: Container;
  /** How often the container was started before. */
  readonly instance: number;
  readonly clock: Clock;
  readonly timers: TimerQueue;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The container's files and environment, made when a shell first asks. */
  readonly machine: () => Machine;
}

/** A started container. */
export interface RunningProgram {
  readonly log: ContainerLog;
  /** Of a program that reads and writes for real. */
  readonly console?: ProgramConsole;
  /** SIGTERM. */
  stop(): void;
  /** SIGKILL: it ends before this returns. */
  kill(): void;
}

/** What a container does: chosen by its image and command. */
export interface Program {
  readonly name: string;
  /** How long after its start it answers its readiness probe, in ms; undefined never. */
  readonly readyAfterMs: number | undefined;
  /** What it uses of its requests, about: 1 is all. */
  readonly load: { readonly cpu: number; readonly memory: number };
  /** `ended` is called once, never before this returns. */
  start(setting: ProgramSetting, ended: (exit: Exit) => void): RunningProgram;
}
