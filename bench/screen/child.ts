import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Of Linux on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** A file of this folder in a process of its own; it says on which port it listens. */
export class Child {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(file: string, ...words: readonly (string | number)[]): Promise<Child> {
    const child = fork(join(import.meta.dirname, file), words.map(String));
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new Child(child, port);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** What it counts. */
  async count(): Promise<number> {
    this.#child.send('count');
    const [count] = (await once(this.#child, 'message')) as [number];
    return count;
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** Of user and system so far; NaN where there is no /proc. */
export function cpuMs(pid: number): number {
  const fields = proc(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Of all processes of a group, those that have ended and were waited for included. */
export function groupCpuMs(group: number): number {
  let ticks = 0;
  for (const pid of readdirSync('/proc')) {
    const fields = /^\d+$/.test(pid) ? (proc(Number(pid), 'stat').split(') ')[1]?.split(' ') ?? []) : [];
    if (Number(fields[2]) === group)
      ticks += fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  }
  return (ticks * 1000) / TICKS_PER_SECOND;
}

export const rssBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(proc(pid, 'status'))?.[1]) * 1024;

function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
