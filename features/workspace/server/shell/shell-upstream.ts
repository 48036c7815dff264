import type { ExecEnd } from '@krateyard/kube/stream/exec-status';
import type { ExecStream } from '@krateyard/kube/stream/exec-stream';
import { StatusError } from '@krateyard/status/status-error';
import type { TerminalUpstream, TerminalUpstreamListener } from '@krateyard/terminals/terminal-upstream';
import type { Exit } from '../../contract/shell-protocol.ts';

/** What became of a process: the pod may be gone. Does not reject. */
export type Explain = (end: ExecEnd) => Promise<Omit<Exit, 'type'>>;

/** A process in a container. */
export class ShellUpstream implements TerminalUpstream {
  readonly #stream: ExecStream;
  readonly #explain: Explain;
  #end: ExecEnd | undefined;

  constructor(stream: ExecStream, explain: Explain) {
    this.#stream = stream;
    this.#explain = explain;
  }

  /** How the process ended, where it did. */
  get end(): ExecEnd | undefined {
    return this.#end;
  }

  get unsentBytes(): number {
    return this.#stream.unsentBytes;
  }

  start(listener: TerminalUpstreamListener): void {
    this.#stream.start({
      onOutput: (bytes, stream) => listener.onOutput(bytes, stream),
      onWritable: () => listener.onWritable(),
      onEnd: (end) => {
        this.#end = end;
        listener.onEnd(() => this.#explain(end));
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    return this.#stream.write(bytes);
  }

  resize(rows: number, cols: number): void {
    this.#stream.resize(rows, cols);
  }

  endInput(): void {
    if (this.#stream.endInput()) return;
    throw new StatusError(
      'MethodNotAllowed',
      'this API server cannot end a process’s input (it needs v5.channel.k8s.io)',
    );
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  abort(): void {
    this.#stream.abort();
  }
}
