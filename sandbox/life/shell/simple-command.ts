import type { SimpleCommandNode } from 'just-bash';
import { readAll } from './byte-pipe.ts';
import { NATIVE_COMMANDS } from './native-commands.ts';
import { SHELL_BUILTINS } from './shell-builtins.ts';
import { emit, expandWords, runArgv, runInBash, scriptOf } from './just-bash-bridge.ts';
import { absolutePath, say, type Io, type ShellCalls, type ShellScope } from './shell-scope.ts';

/** What just-bash runs with its whole input at hand. */
const READS_INPUT = new Set(
  'grep egrep fgrep rg sed awk sort uniq cut tr wc jq yq xargs base64 md5sum sha1sum sha256sum rev tac nl od xxd gzip gunzip zcat tar paste fold expand unexpand column comm join diff strings split cksum hexdump head tail cat mapfile readarray bc'.split(
    ' ',
  ),
);
/** Builtins of just-bash that change variables. */
const CHANGES_VARIABLES = new Set(
  'export unset declare typeset readonly let printf getopts alias unalias shopt hash mapfile readarray'.split(
    ' ',
  ),
);
/** In just-bash, but in no container. */
const NOT_THERE = new Set([
  'html-to-markdown',
  'xan',
  'sqlite3',
  'python',
  'python3',
  'js-exec',
  'rg',
  'yq',
  'curl',
]);
const INPUT_LIMIT_BYTES = 16 * 1024 * 1024;

export async function runSimple(
  scope: ShellScope,
  command: SimpleCommandNode,
  io: Io,
  calls: ShellCalls,
): Promise<number> {
  if (!command.name) return assign(scope, command.assignments, io);
  const { argv, stderr } = await expandWords(scope, [command.name, ...command.args]);
  if (stderr.length > 0) await io.stderr.write(stderr);
  if (argv.length === 0) return stderr.length > 0 ? 1 : 0;
  if (command.assignments.length === 0) return runCommandLine(scope, argv, io, calls);
  const saved = { ...scope.vars };
  try {
    await assign(scope, command.assignments, io);
    return await runCommandLine(scope, argv, io, calls);
  } finally {
    scope.vars = saved;
  }
}

/** Runs a command whose words are known. */
export async function runCommandLine(
  scope: ShellScope,
  argv: string[],
  io: Io,
  calls: ShellCalls,
): Promise<number> {
  const [name, ...args] = argv as [string, ...string[]];
  if (scope.functions.has(name)) return calls.runFunction(scope, name, args, io);
  const builtin = SHELL_BUILTINS.get(name);
  if (builtin) return builtin(scope, args, io, calls);
  const base = /^\/(usr\/)?(local\/)?s?bin\/[\w.-]+$/.test(name)
    ? name.slice(name.lastIndexOf('/') + 1)
    : name;
  const native = NATIVE_COMMANDS.get(base);
  if (native) {
    const code = await native(scope, args, io, calls);
    if (code !== 'delegate') return code;
  }
  if (CHANGES_VARIABLES.has(name)) return delegateBuiltin(scope, argv, io);
  return runInstalled(scope, base, argv, io, calls);
}

/** Whether a command of this name can be run at all. */
export async function isInstalled(name: string): Promise<boolean> {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (name.includes('/') && !/^\/(usr\/)?(local\/)?s?bin\//.test(name)) return false;
  if (NATIVE_COMMANDS.has(base)) return true;
  const { getCommandNames } = await import('just-bash');
  return !NOT_THERE.has(base) && (getCommandNames() as string[]).includes(base);
}

async function runInstalled(
  scope: ShellScope,
  base: string,
  argv: string[],
  io: Io,
  calls: ShellCalls,
): Promise<number> {
  if (!(await isInstalled(argv[0]!)) && !['test', '[', 'type', 'command'].includes(base))
    return runFile(scope, argv, io, calls);
  const stdin = readsInput(base, argv, io) ? await readAll(io.stdin, INPUT_LIMIT_BYTES) : Buffer.alloc(0);
  const result = await runArgv(scope, [base, ...argv.slice(1)], scope.vars, stdin);
  await emit(result, io);
  return result.exitCode;
}

/** A keyboard is read only where no file was named. */
function readsInput(base: string, argv: readonly string[], io: Io): boolean {
  if (!READS_INPUT.has(base)) return false;
  if (!io.stdin.interactive) return true;
  const operands = argv.slice(1).filter((arg) => !arg.startsWith('-')).length;
  return operands < (['grep', 'egrep', 'sed', 'awk', 'jq', 'tr', 'xargs'].includes(base) ? 2 : 1);
}

/** A script in a file; else the command is not there. */
async function runFile(scope: ShellScope, argv: string[], io: Io, calls: ShellCalls): Promise<number> {
  const name = argv[0]!;
  const fs = await scope.machine.files();
  const path = absolutePath(scope.cwd, name);
  if (name.includes('/') && (await fs.exists(path))) {
    if ((await fs.stat(path)).isDirectory) {
      await say(io.stderr, `sh: ${name}: Permission denied\n`);
      return 126;
    }
    const inner = { ...scope, args: argv.slice(1), vars: { ...scope.vars }, functions: new Map() };
    return calls.runShell(inner, await fs.readFile(path), io);
  }
  await say(io.stderr, `sh: ${name}: not found\n`);
  return 127;
}

async function delegateBuiltin(scope: ShellScope, argv: readonly string[], io: Io): Promise<number> {
  const { serialize } = await import('just-bash');
  const word = (value: string) => ({
    type: 'Word' as const,
    parts: [{ type: 'SingleQuoted' as const, value }],
  });
  const plain = { type: 'Word' as const, parts: [{ type: 'Literal' as const, value: argv[0]! }] };
  const command: SimpleCommandNode = {
    type: 'SimpleCommand',
    assignments: [],
    name: plain,
    args: argv.slice(1).map(word),
    redirections: [],
  };
  const result = await runInBash(scope, serialize(scriptOf(command)));
  await emit(result, io);
  return result.exitCode;
}

async function assign(
  scope: ShellScope,
  assignments: SimpleCommandNode['assignments'],
  io: Io,
): Promise<number> {
  const { serialize } = await import('just-bash');
  const command: SimpleCommandNode = {
    type: 'SimpleCommand',
    assignments,
    name: null,
    args: [],
    redirections: [],
  };
  const result = await runInBash(scope, serialize(scriptOf(command)));
  await emit({ ...result, stdout: Buffer.alloc(0) }, io);
  return result.exitCode;
}
