import type { ByteSink } from '../shell/byte-pipe.ts';

/** The standard streams of a running program, for those who attach to it. */
export interface ProgramConsole {
  /** Aborts when the program has ended and all its output is written. */
  readonly over: AbortSignal;
  /** With a TTY all output comes on `stdout`. */
  readonly tty: boolean;
  /** Resolves when there is room for more; a program without standard input is told nothing. */
  typed(bytes: Uint8Array): Promise<void>;
  /** Who is attached sends no more. False when the program reads on from whoever attaches next (no `stdinOnce`, or a TTY). */
  inputEnded(): boolean;
  resize(columns: number, rows: number): void;
  /** Output from now on. A slow sink slows the program; the disposer takes the sinks away. */
  watch(stdout: ByteSink, stderr: ByteSink): () => void;
}
