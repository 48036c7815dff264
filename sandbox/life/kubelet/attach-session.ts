import { PassThrough, Readable, Writable } from 'node:stream';
import type { AttachOptions, ExecSession } from '../pod-runtime.ts';
import type { ProgramConsole } from '../programs/program-console.ts';
import { NULL_SINK } from '../shell/byte-pipe.ts';
import { streamSink } from '../shell/stream-sink.ts';

/** Attaches to a program that has standard streams. Its end is the session's, and a session that ends does not end it. */
export function attachToConsole(console: ProgramConsole, options: AttachOptions): ExecSession {
  const detached = new AbortController();
  const over = AbortSignal.any([detached.signal, console.over]);
  const stdout = new PassThrough({ highWaterMark: 64 * 1024 });
  const stderr = new PassThrough({ highWaterMark: 64 * 1024 });
  const leave = console.watch(
    options.stdout ? streamSink(stdout, over) : NULL_SINK,
    options.stderr ? streamSink(stderr, over) : NULL_SINK,
  );
  const exited = aborted(over).then(() => {
    leave();
    stdout.end();
    stderr.end();
    return { exitCode: 0 };
  });
  const inputEnded = (): void => {
    if (!options.stdin || !console.inputEnded()) detached.abort();
  };
  const pass = async (chunk: Buffer, done: () => void): Promise<void> => {
    if (options.stdin) await console.typed(chunk);
    done();
  };
  const stdin = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      void pass(chunk, done);
    },
    final: (done) => {
      inputEnded();
      done();
    },
  });
  const kill = (): void => {
    inputEnded();
    detached.abort();
  };
  return { stdin, stdout, stderr, resize: (columns, rows) => console.resize(columns, rows), exited, kill };
}

/** Attaches to a program of which there is only the log. */
export function attachToLog(lines: AsyncIterable<Uint8Array>, stop: AbortController): ExecSession {
  const stdout = Readable.from(lines, { objectMode: false });
  const stdin = new Writable({ write: (_chunk, _encoding, done) => done() });
  const ended = new Promise<{ exitCode: number }>((resolve) => {
    stdout.once('close', () => resolve({ exitCode: 0 }));
  });
  const kill = (): void => stop.abort();
  return { stdin, stdout, stderr: Readable.from([]), resize: () => {}, exited: ended, kill };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
