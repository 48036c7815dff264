import { BrokenPipe, readLine } from './byte-pipe.ts';
import {
  ExitShell,
  absolutePath,
  rootScope,
  say,
  type Io,
  type ShellCalls,
  type ShellScope,
} from './shell-scope.ts';

/** `sh -c TEXT [NAME ARGS]`, `sh FILE ARGS`, or the script from the input. */
export async function sh(scope: ShellScope, args: string[], io: Io, calls: ShellCalls): Promise<number> {
  const flags: string[] = [];
  let rest = args;
  while (rest[0]?.startsWith('-') && rest[0] !== '-' && rest[0] !== '--') {
    flags.push(rest[0].slice(1));
    rest = rest.slice(1);
  }
  const inner = rootScope(scope.machine, { signal: scope.signal, terminal: scope.terminal, pid: scope.pid });
  inner.vars = { ...scope.vars };
  inner.cwd = scope.cwd;
  inner.exitOnError = flags.some((flag) => flag.includes('e'));
  if (flags.some((flag) => flag.endsWith('c'))) {
    inner.args = rest.slice(2);
    inner.traps = scope.pid === 1 && scope.depth === 0 ? scope.traps : inner.traps;
    return calls.runShell(inner, rest[0] ?? '', io);
  }
  if (rest[0] !== undefined && rest[0] !== '-') {
    const fs = await scope.machine.files();
    const text = await fs.readFile(absolutePath(scope.cwd, rest[0])).catch(() => undefined);
    if (text === undefined) {
      await say(io.stderr, `sh: can't open '${rest[0]}': No such file or directory\n`);
      return 2;
    }
    inner.args = rest.slice(1);
    return calls.runShell(inner, text, io);
  }
  return shellFromInput(inner, io, calls);
}

/** Statement by statement, each as soon as it is complete. */
async function shellFromInput(scope: ShellScope, io: Io, calls: ShellCalls): Promise<number> {
  const { parse } = await import('just-bash');
  let text = '';
  for (;;) {
    const next = await readLine(io.stdin);
    text += next?.toString('utf8') ?? '';
    if (next && !isComplete(parse, text)) continue;
    try {
      if (text.trim() !== '') await calls.runScript(scope, text, io);
    } catch (error) {
      if (error instanceof ExitShell) return error.code;
      if (error instanceof BrokenPipe) return 141;
      throw error;
    }
    if (!next) return scope.lastExit;
    text = '';
  }
}

/** Whether the text is a whole script, or one that no further line would mend. */
export function isComplete(parse: (text: string) => unknown, text: string): boolean {
  if (/\\\n?$/.test(text)) return false;
  if (/<<-?\s*'?"?(\w+)/.test(text)) {
    const word = /<<-?\s*['"]?(\w+)/.exec(text)![1]!;
    if (!new RegExp(`^\\s*${word}$`, 'm').test(text)) return false;
  }
  try {
    parse(text);
    return true;
  } catch (error) {
    return !/unterminated|unexpected (end|EOF)|EOF|expected|near unexpected token `(fi|done|esac|\}|\)|newline)'/i.test(
      (error as Error).message,
    );
  }
}
