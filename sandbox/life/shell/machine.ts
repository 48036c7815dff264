import type { InMemoryFs } from 'just-bash';
import type { Clock } from '@krateyard/telemetry/clock';

export interface ContainerEnvironment {
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly workingDir: string;
  /** Contents by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

export interface ProcessEntry {
  readonly pid: number;
  /** What a signal does to it; a first process ignores what it does not ask for. */
  readonly kill?: (() => void) | undefined;
  readonly command: string;
  readonly startedAt: number;
}

const MAX_FORKS = 256;

/** What the processes of one container instance share: files, environment, the table of processes. Files live as long as the instance. */
export class Machine {
  readonly environment: ContainerEnvironment;
  readonly clock: Clock;
  /** What `poweroff` and `reboot` do; containers have no such thing. */
  readonly power: ((action: 'off' | 'reboot') => void) | undefined;
  #fs: Promise<InMemoryFs> | undefined;
  #table = new Map<number, ProcessEntry>();
  #nextPid = 1;
  #forks = 0;
  #gone = new AbortController();

  constructor(environment: ContainerEnvironment, clock: Clock, power?: (action: 'off' | 'reboot') => void) {
    this.environment = environment;
    this.clock = clock;
    this.power = power;
  }

  /** Aborts when the container has ended: all its shells end with it. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  files(): Promise<InMemoryFs> {
    this.#fs ??= this.#makeFiles();
    return this.#fs;
  }

  /** Enters a process into the table; the disposer takes it out. */
  spawn(command: string, kill?: () => void): { pid: number; end: () => void } {
    const pid = this.#nextPid++;
    this.#table.set(pid, { pid, command, startedAt: this.clock.now(), kill });
    return { pid, end: () => void this.#table.delete(pid) };
  }

  /** Takes one of the container's places for processes; false when all are taken, as with a limit on pids. */
  fork(): boolean {
    if (this.#forks >= MAX_FORKS) return false;
    this.#forks += 1;
    return true;
  }

  /** Gives the place back. */
  reap(): void {
    this.#forks -= 1;
  }

  /** Whether there was such a process. */
  kill(pid: number): boolean {
    const found = this.#table.get(pid);
    found?.kill?.();
    return found !== undefined;
  }

  processes(): ProcessEntry[] {
    return [...this.#table.values()];
  }

  destroy(): void {
    this.#gone.abort();
  }

  async #makeFiles(): Promise<InMemoryFs> {
    const { InMemoryFs: Files } = await import('just-bash');
    const fs = new Files({ ...this.environment.files });
    for (const folder of [
      '/tmp',
      '/root',
      '/var/log',
      '/usr/bin',
      '/bin',
      '/dev',
      this.environment.workingDir,
    ])
      await fs.mkdir(folder, { recursive: true });
    return fs;
  }
}
