import type { Container } from '../pod-types.ts';
import { BytePipe, type ByteSink } from '../shell/byte-pipe.ts';
import type { Io, Terminal } from '../shell/shell-scope.ts';
import type { TerminalSession } from '../shell/terminal-session.ts';
import type { ProgramConsole } from './program-console.ts';

type Streams = Pick<Io, 'stdout' | 'stderr'>;

/** Between a container's first process and its log and whoever is attached. */
export class ShellConsole implements ProgramConsole {
  readonly over: AbortSignal;
  readonly tty: boolean;
  /** The process' own ends. */
  readonly io: Io;
  /** Set where there is a TTY. */
  readonly terminal: Terminal | undefined;
  #container: Container;
  #input = new BytePipe();
  #session: TerminalSession | undefined;
  #watchers = new Set<Streams>();

  constructor(container: Container, log: ByteSink, over: AbortSignal) {
    this.over = over;
    this.tty = container.tty ?? false;
    this.terminal = this.tty ? { columns: 80, rows: 24 } : undefined;
    this.#container = container;
    if (!container.stdin) this.#input.end();
    this.io = {
      stdin: this.#input,
      stdout: this.#sink('stdout', log),
      stderr: this.#sink('stderr', log),
    };
    over.addEventListener('abort', () => this.#input.close(), { once: true });
  }

  /** What is typed goes to this session from now on. */
  use(session: TerminalSession): void {
    this.#session = session;
    this.over.addEventListener('abort', () => session.hangUp(), { once: true });
  }

  async typed(bytes: Uint8Array): Promise<void> {
    if (!this.#container.stdin) return;
    if (this.#session) this.#session.typed(bytes);
    // Input that nobody reads any more is dropped.
    else await this.#input.write(bytes).catch(() => {});
  }

  inputEnded(): boolean {
    const { stdin = false, stdinOnce = false } = this.#container;
    if (!stdin) return true;
    if (this.tty || !stdinOnce) return false;
    this.#input.end();
    return true;
  }

  resize(columns: number, rows: number): void {
    if (!this.terminal) return;
    Object.assign(this.terminal, { columns, rows });
    this.#session?.resized();
  }

  watch(stdout: ByteSink, stderr: ByteSink): () => void {
    const streams = { stdout, stderr };
    this.#watchers.add(streams);
    return () => void this.#watchers.delete(streams);
  }

  #sink(name: keyof Streams, log: ByteSink): ByteSink {
    return {
      write: async (chunk) => {
        await log.write(chunk);
        await Promise.all([...this.#watchers].map((streams) => streams[name].write(chunk)));
      },
      end: () => {},
    };
  }
}
