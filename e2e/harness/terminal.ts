import { spawnSync } from 'node:child_process';
import { LiveProcess, type RunOptions } from './run.ts';

/** Why no command can be run under a pseudo terminal here; undefined when it can. */
export function noTerminal(): string | undefined {
  if (process.platform !== 'linux') return 'a pseudo terminal needs script of util-linux';
  const probe = spawnSync('script', ['-qfec', 'true', '/dev/null'], { stdio: 'ignore' });
  return probe.status === 0 ? undefined : 'script of util-linux is not on PATH';
}

/** Runs the command under a pseudo terminal, as a person at a keyboard does. */
export function onTerminal(command: string, args: readonly string[], options: RunOptions): LiveProcess {
  const line = [command, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return new LiveProcess('script', ['-qfec', line, '/dev/null'], options);
}
