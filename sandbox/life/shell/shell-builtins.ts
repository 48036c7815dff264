import { readLine } from './byte-pipe.ts';
import {
  ExitShell,
  LeaveLoop,
  ReturnFromFunction,
  absolutePath,
  say,
  type Io,
  type ShellCalls,
  type ShellScope,
} from './shell-scope.ts';

export type Builtin = (scope: ShellScope, args: string[], io: Io, calls: ShellCalls) => Promise<number>;

const number = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;

/** The builtins that steer the shell itself. */
export const SHELL_BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', () => Promise.resolve(0)],
  ['true', () => Promise.resolve(0)],
  ['false', () => Promise.resolve(1)],
  ['exit', (scope, [code]) => Promise.reject(new ExitShell(number(code, scope.lastExit)))],
  ['return', (scope, [code]) => Promise.reject(new ReturnFromFunction(number(code, scope.lastExit)))],
  ['break', (_scope, [levels]) => Promise.reject(new LeaveLoop(number(levels, 1), false))],
  ['continue', (_scope, [levels]) => Promise.reject(new LeaveLoop(number(levels, 1), true))],
  ['cd', changeDirectory],
  ['eval', (scope, args, io, calls) => calls.runScript(scope, args.join(' '), io)],
  ['source', source],
  ['.', source],
  [
    'exec',
    (scope, args, io, calls) =>
      args.length === 0 ? Promise.resolve(0) : replaceShell(scope, args, io, calls),
  ],
  ['set', setOptions],
  ['shift', shift],
  ['read', read],
  ['wait', wait],
  ['trap', trap],
  ['local', local],
  ['umask', async (_scope, args, io) => (args.length === 0 && (await say(io.stdout, '0022\n')), 0)],
  ['jobs', () => Promise.resolve(0)],
  ['ulimit', async (_scope, _args, io) => (await say(io.stdout, 'unlimited\n'), 0)],
]);

async function changeDirectory(scope: ShellScope, [path]: string[], io: Io): Promise<number> {
  const target = path === '-' ? (scope.vars['OLDPWD'] ?? scope.cwd) : (path ?? scope.vars['HOME'] ?? '/');
  const full = absolutePath(scope.cwd, target);
  const fs = await scope.machine.files();
  const found = await fs.stat(full).catch(() => undefined);
  if (!found?.isDirectory) {
    await say(
      io.stderr,
      `sh: cd: can't cd to ${target}: ${found ? 'Not a directory' : 'No such file or directory'}\n`,
    );
    return 1;
  }
  scope.vars['OLDPWD'] = scope.cwd;
  scope.cwd = scope.vars['PWD'] = full;
  if (path === '-') await say(io.stdout, `${full}\n`);
  return 0;
}

async function source(scope: ShellScope, [path = '']: string[], io: Io, calls: ShellCalls): Promise<number> {
  const fs = await scope.machine.files();
  const text = await fs.readFile(absolutePath(scope.cwd, path)).catch(() => undefined);
  if (text !== undefined) return calls.runScript(scope, text, io);
  await say(io.stderr, `sh: .: can't open '${path}': No such file or directory\n`);
  return 2;
}

async function replaceShell(scope: ShellScope, args: string[], io: Io, calls: ShellCalls): Promise<number> {
  throw new ExitShell(await calls.runWords(scope, args, io));
}

function setOptions(scope: ShellScope, args: string[]): Promise<number> {
  for (const [index, arg] of args.entries()) {
    if (arg === '--') {
      scope.args = args.slice(index + 1);
      break;
    }
    if (/^[-+][a-zA-Z]+$/.test(arg)) {
      if (arg.includes('e')) scope.exitOnError = arg.startsWith('-');
    } else if (args[index - 1] !== '-o' && args[index - 1] !== '+o') {
      scope.args = args.slice(index);
      break;
    }
  }
  return Promise.resolve(0);
}

function shift(scope: ShellScope, [count]: string[]): Promise<number> {
  scope.args = scope.args.slice(number(count, 1));
  return Promise.resolve(0);
}

async function read(scope: ShellScope, args: string[], io: Io): Promise<number> {
  const names: string[] = [];
  for (let at = 0; at < args.length; at++) {
    if (args[at] === '-p') await say(io.stderr, args[++at] ?? '');
    else if (args[at] === '-t' || args[at] === '-n') at += 1;
    else if (!args[at]!.startsWith('-')) names.push(args[at]!);
  }
  const line = await readLine(io.stdin);
  const text = line?.toString('utf8').replace(/\n$/, '').trim() ?? '';
  const words = text.split(/\s+/);
  if (names.length === 0) names.push('REPLY');
  for (const [index, name] of names.entries())
    scope.vars[name] =
      index === names.length - 1 ? text.split(/\s+/).slice(index).join(' ') : (words[index] ?? '');
  if (names.length === 1) scope.vars[names[0]!] = text;
  return line?.at(-1) === 10 ? 0 : 1;
}

async function wait(scope: ShellScope, pids: string[]): Promise<number> {
  const jobs = pids.length === 0 ? scope.jobs : scope.jobs.filter((job) => pids.includes(String(job.pid)));
  const codes = await Promise.all(jobs.map((job) => job.done));
  scope.jobs = scope.jobs.filter((job) => !jobs.includes(job));
  return pids.length === 0 ? 0 : (codes.at(-1) ?? 127);
}

function trap(scope: ShellScope, [command, ...signals]: string[]): Promise<number> {
  for (const signal of signals) {
    const name =
      signal === '0'
        ? 'EXIT'
        : signal === '15'
          ? 'TERM'
          : signal === '2'
            ? 'INT'
            : signal.replace(/^SIG/, '');
    if (command === '-') scope.traps.delete(name);
    else scope.traps.set(name, command ?? '');
  }
  return Promise.resolve(0);
}

function local(scope: ShellScope, args: string[]): Promise<number> {
  for (const arg of args) {
    const equals = arg.indexOf('=');
    scope.vars[equals === -1 ? arg : arg.slice(0, equals)] = equals === -1 ? '' : arg.slice(equals + 1);
  }
  return Promise.resolve(0);
}
