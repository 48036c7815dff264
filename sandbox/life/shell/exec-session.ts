import { PassThrough, Writable } from 'node:stream';
import type { ExecOptions, ExecSession } from '../pod-runtime.ts';
import { BytePipe, EMPTY_SOURCE } from './byte-pipe.ts';
import type { Machine } from './machine.ts';
import { CALLS, endOfThrown } from './shell.ts';
import { rootScope, type Io, type ShellScope } from './shell-scope.ts';
import { isShell } from './shell-names.ts';
import { isInstalled } from './simple-command.ts';
import { streamSink } from './stream-sink.ts';
import { TerminalSession } from './terminal-session.ts';

const EXIT_KILLED = 137;

/** Starts a command in a running container, as the kubelet does for an exec. */
export function openExec(machine: Machine, options: ExecOptions, image: { shellLess: boolean }): ExecSession {
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, machine.signal]);
  const stdout = new PassThrough({ highWaterMark: 64 * 1024 });
  const stderr = new PassThrough({ highWaterMark: 64 * 1024 });
  if (options.tty) stderr.end();
  const terminal = { columns: 80, rows: 24 };
  const process = machine.spawn(options.command.join(' '), () => abort.abort());
  const scope = rootScope(machine, {
    signal,
    terminal: options.tty ? terminal : undefined,
    pid: process.pid,
  });
  const session = options.tty ? new TerminalSession(scope, terminal, streamSink(stdout, signal)) : undefined;
  const input = session ? undefined : new BytePipe();
  if (!options.stdin) input?.end();
  const io: Io = {
    stdin: input ?? EMPTY_SOURCE,
    stdout: streamSink(stdout, signal),
    stderr: streamSink(stderr, signal),
  };
  const exited = start(scope, options, io, image, session).finally(() => {
    process.end();
    abort.abort();
    input?.close();
    stdout.end();
    if (!options.tty) stderr.end();
  });
  return {
    stdin: inputStream(session, input),
    stdout,
    stderr,
    resize: (columns, rows) => {
      Object.assign(terminal, { columns, rows });
      session?.resized();
    },
    exited,
    kill: () => abort.abort(),
  };
}

async function start(
  scope: ShellScope,
  { command }: ExecOptions,
  io: Io,
  image: { shellLess: boolean },
  session: TerminalSession | undefined,
): Promise<{ exitCode: number } | { error: string }> {
  const name = command[0] ?? '';
  const installed = !image.shellLess && (isShell(name) || (await isInstalled(name)));
  if (!installed) return { error: await cannotExec(scope, name) };
  const aborted = new Promise<number>((resolve) => {
    if (scope.signal.aborted) resolve(EXIT_KILLED);
    scope.signal.addEventListener('abort', () => resolve(EXIT_KILLED), { once: true });
  });
  const run = session ? session.start(command) : runOnce(scope, [...command], io);
  return { exitCode: await Promise.race([run, aborted]) };
}

async function runOnce(scope: ShellScope, command: string[], io: Io): Promise<number> {
  try {
    return await CALLS.runWords(scope, command, io);
  } catch (error) {
    return await endOfThrown(scope, error, io);
  }
}

/** What the container runtime says of a command that it cannot start. */
async function cannotExec(scope: ShellScope, name: string): Promise<string> {
  const fs = await scope.machine.files();
  const there = name.startsWith('/') && (await fs.exists(name));
  const problem = there
    ? 'permission denied'
    : name.startsWith('/')
      ? `stat ${name}: no such file or directory`
      : 'executable file not found in $PATH';
  return (
    'error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: ' +
    `exec failed: unable to start container process: exec: "${name}": ${problem}`
  );
}

function inputStream(session: TerminalSession | undefined, input: BytePipe | undefined): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (session) {
        session.typed(chunk);
        done();
      } else void feed(input!, chunk, done);
    },
    final: (done) => {
      session?.hangUp();
      input?.end();
      done();
    },
  });
}

/** Input that nobody reads any more is dropped. */
async function feed(input: BytePipe, chunk: Buffer, done: () => void): Promise<void> {
  await input.write(chunk).catch(() => {});
  done();
}
