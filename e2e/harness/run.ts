import { spawn, type ChildProcess } from 'node:child_process';
import { within } from './poll-until.ts';

export interface RunOptions {
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  readonly cwd?: string;
  /** Added to this process' environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The process and its children are killed after this long; 60 s by default. */
  readonly deadlineMs?: number;
}

export interface RunResult {
  /** -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Output beyond this is cut: no test reads more, and a runaway child must not fill the memory. */
const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** A running child in its own process group, whose output so far can be read and waited for. */
export class LiveProcess implements AsyncDisposable {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly exited: Promise<number>;
  readonly #listeners = new Set<() => void>();

  constructor(command: string, args: readonly string[], options: RunOptions = {}) {
    this.child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: 'pipe',
      detached: true,
    });
    const exit = Promise.withResolvers<number>();
    this.exited = exit.promise;
    this.exited.catch(() => undefined);
    this.child.once('error', exit.reject);
    this.child.once('close', (code) => {
      exit.resolve(code ?? -1);
      this.#tell();
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take('stdout', text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#take('stderr', text));
    this.child.stdin?.on('error', () => undefined);
    if (options.input !== undefined) this.child.stdin?.end(options.input);
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Resolves with what `look` returns as soon as it is not undefined; looked at after each piece of output. */
  async seen<T>(what: string, look: (live: this) => T | undefined, deadlineMs = 40_000): Promise<T> {
    const found = Promise.withResolvers<T>();
    const listener = (): void => {
      const value = look(this);
      if (value !== undefined) found.resolve(value);
      else if (this.child.exitCode !== null)
        found.reject(new Error(`${what}: the process ended\n${this.#tail()}`));
    };
    this.#listeners.add(listener);
    listener();
    try {
      return await within(what, deadlineMs, found.promise);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.#tail()}`, { cause: error });
    } finally {
      this.#listeners.delete(listener);
    }
  }

  /** Signals the whole group; nothing happens when it is gone. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (this.child.pid === undefined || this.child.exitCode !== null) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // The group ended between the look and the signal.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL');
    await this.exited.catch(() => undefined);
  }

  #take(stream: 'stdout' | 'stderr', text: string): void {
    if (this[stream].length < OUTPUT_LIMIT) this[stream] += text;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #tail(): string {
    return `stdout: ${this.stdout.slice(-2000)}\nstderr: ${this.stderr.slice(-2000)}`;
  }
}

/** Runs to the end, whatever its exit code. Throws when the deadline passes, after the whole group has been killed. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  await using live = new LiveProcess(command, args, { input: '', ...options });
  try {
    const code = await within(`${command} ${args.join(' ')}`, options.deadlineMs ?? 60_000, live.exited);
    return { code, stdout: live.stdout, stderr: live.stderr };
  } catch (error) {
    throw new Error(
      `${String(error)}\nstdout: ${live.stdout.slice(-2000)}\nstderr: ${live.stderr.slice(-2000)}`,
      {
        cause: error,
      },
    );
  }
}
