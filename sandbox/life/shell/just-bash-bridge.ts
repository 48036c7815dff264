import type { Bash, CommandNode, ExecOptions, ScriptNode, WordNode } from 'just-bash';
import { formatDate } from './date-format.ts';
import type { Machine } from './machine.ts';
import type { Io, ShellScope } from './shell-scope.ts';

/** What just-bash may use for one command; loops run outside of it. */
const LIMITS = {
  maxLoopIterations: 200_000,
  maxCommandCount: 200_000,
  maxOutputSize: 32 * 1024 * 1024,
  maxLiveBytes: 64 * 1024 * 1024,
  maxFileSystemBytes: 64 * 1024 * 1024,
  maxStringLength: 32 * 1024 * 1024,
  maxExecutionTimeMs: 60_000,
};

export interface Outcome {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;
}

/** Variables that are the shell's own state and not to be carried from command to command. */
const NOT_KEPT =
  /^(\?|#|@|\*|\d+|_|!|SHELLOPTS|BASHOPTS|BASH.*|OSTYPE|MACHTYPE|HOSTTYPE|OPTIND|PIPESTATUS|RANDOM|SECONDS|LINENO|EPOCH.*|[^A-Za-z_].*)$/;

const shells = new WeakMap<Machine, Promise<Bash>>();

function bashOf(machine: Machine): Promise<Bash> {
  let found = shells.get(machine);
  if (!found) shells.set(machine, (found = makeBash(machine)));
  return found;
}

async function makeBash(machine: Machine): Promise<Bash> {
  const [{ Bash: Shell, defineCommand }, fs] = await Promise.all([import('just-bash'), machine.files()]);
  const { hostname } = machine.environment;
  const line = (stdout: string) => ({ stdout: `${stdout}\n`, stderr: '', exitCode: 0 });
  return new Shell({
    fs,
    executionLimits: LIMITS,
    sleep: (ms) => machine.clock.sleep(ms, machine.signal),
    customCommands: [
      defineCommand('__argv', (args) => Promise.resolve(line(JSON.stringify(args)))),
      defineCommand('date', (args) => Promise.resolve(formatDate(args, machine.clock.now()))),
      defineCommand('hostname', () => Promise.resolve(line(hostname))),
      defineCommand('whoami', () => Promise.resolve(line('root'))),
      defineCommand('uname', (args) => Promise.resolve(line(uname(args, hostname)))),
    ],
    processInfo: { pid: 7, ppid: 1, uid: 0, gid: 0 },
  });
}

export function uname(args: readonly string[], hostname: string): string {
  if (args.some((arg) => arg.includes('a')))
    return `Linux ${hostname} 6.1.0-krateyard #1 SMP x86_64 GNU/Linux`;
  const asked = args.join('').replaceAll('-', '') || 's';
  const words: Record<string, string> = {
    s: 'Linux',
    n: hostname,
    r: '6.1.0-krateyard',
    m: 'x86_64',
    o: 'GNU/Linux',
    v: '#1 SMP',
    p: 'x86_64',
    i: 'x86_64',
  };
  return Array.from(asked)
    .map((letter) => words[letter] ?? '')
    .filter(Boolean)
    .join(' ');
}

/** Runs a piece of script in just-bash with the scope's variables, which it may change. */
export async function runInBash(
  scope: ShellScope,
  script: string,
  stdin: Buffer = Buffer.alloc(0),
): Promise<Outcome> {
  const bash = await bashOf(scope.machine);
  const { serialize } = await import('just-bash');
  const functions = [...scope.functions.values()].map((each) => serialize(scriptOf(each))).join('\n');
  const args = scope.args.map(quoted).join(' ');
  const prefix = `${functions}\nset -- ${args}\n${scope.lastExit === 0 ? '' : `(exit ${scope.lastExit})\n`}`;
  const result = await bash.exec(`${prefix}${script}`, {
    ...inScope(scope, scope.vars, stdin),
  });
  absorb(scope, result.env);
  return outcome(result);
}

/** Where and with what just-bash runs. Bytes cross as latin1, one character each. */
function inScope(scope: ShellScope, env: Readonly<Record<string, string>>, stdin: Buffer): ExecOptions {
  return {
    env: { ...env, PWD: scope.cwd },
    replaceEnv: true,
    cwd: scope.cwd,
    rawScript: true,
    stdin: stdin.toString('latin1'),
    stdinKind: 'bytes',
    signal: scope.signal,
  };
}

/** Runs one command with arguments that are taken as they are. */
export async function runArgv(
  scope: ShellScope,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin: Buffer = Buffer.alloc(0),
): Promise<Outcome> {
  const bash = await bashOf(scope.machine);
  const result = await bash.exec(quoted(argv[0]!), {
    args: argv.slice(1),
    ...inScope(scope, env, stdin),
  });
  return outcome(result);
}

/** The words after all expansions. */
export async function expandWords(
  scope: ShellScope,
  words: readonly WordNode[],
): Promise<{ argv: string[]; stderr: Buffer }> {
  const plain = words.map((word) => plainText(word, scope));
  if (plain.every((text) => text !== undefined)) return { argv: plain, stderr: Buffer.alloc(0) };
  const { serialize } = await import('just-bash');
  const command = {
    type: 'SimpleCommand',
    assignments: [],
    name: literal('__argv'),
    args: [...words],
    redirections: [],
  };
  const result = await runInBash(scope, serialize(scriptOf(command as CommandNode)));
  if (result.exitCode !== 0) return { argv: [], stderr: result.stderr };
  return { argv: JSON.parse(result.stdout.toString('utf8')) as string[], stderr: result.stderr };
}

/** Words that need no shell to be read: literals, quotes, and plain variables inside of double quotes. */
function plainText(word: WordNode, scope: ShellScope): string | undefined {
  let text = '';
  for (const part of word.parts) {
    if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'Escaped')
      text += part.value;
    else if (part.type === 'DoubleQuoted') {
      for (const inner of part.parts) {
        if (inner.type === 'Literal' || inner.type === 'Escaped') text += inner.value;
        else if (
          inner.type === 'ParameterExpansion' &&
          inner.operation === null &&
          /^[A-Za-z_]\w*$/.test(inner.parameter)
        )
          text += scope.vars[inner.parameter] ?? '';
        else return undefined;
      }
    } else return undefined;
  }
  return text;
}

export function scriptOf(command: CommandNode): ScriptNode {
  return {
    type: 'Script',
    statements: [
      {
        type: 'Statement',
        pipelines: [{ type: 'Pipeline', commands: [command], negated: false }],
        operators: [],
        background: false,
      },
    ],
  };
}

function literal(value: string): WordNode {
  return { type: 'Word', parts: [{ type: 'Literal', value }] };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function absorb(scope: ShellScope, env: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(scope.vars)) if (!(name in env)) delete scope.vars[name];
  for (const [name, value] of Object.entries(env)) if (!NOT_KEPT.test(name)) scope.vars[name] = value;
}

function outcome(result: {
  stdout: string;
  stderr: string;
  exitCode: number;
  stdoutKind?: string;
  stdoutEncoding?: string;
}): Outcome {
  const bytes = result.stdoutKind === 'bytes' || result.stdoutEncoding === 'binary';
  return {
    stdout: Buffer.from(result.stdout, bytes ? 'latin1' : 'utf8'),
    stderr: Buffer.from(result.stderr.replaceAll(/^bash: /gm, 'sh: '), 'utf8'),
    exitCode: result.exitCode,
  };
}

export async function emit(result: Outcome, io: Io): Promise<void> {
  if (result.stderr.length > 0) await io.stderr.write(result.stderr);
  if (result.stdout.length > 0) await io.stdout.write(result.stdout);
}
