import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

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

  /** Idempotent. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
