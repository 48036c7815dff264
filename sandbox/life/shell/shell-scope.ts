import type { CommandNode } from 'just-bash';
import type { ByteSink, ByteSource } from './byte-pipe.ts';
import type { Machine } from './machine.ts';

export type FunctionDefNode = Extract<CommandNode, { type: 'FunctionDef' }>;

export interface Io {
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
}

export interface Terminal {
  columns: number;
  rows: number;
}

/** The state of one shell; a subshell gets a copy. */
export interface ShellScope {
  readonly machine: Machine;
  readonly terminal: Terminal | undefined;
  readonly signal: AbortSignal;
  vars: Record<string, string>;
  functions: Map<string, FunctionDefNode>;
  args: string[];
  cwd: string;
  lastExit: number;
  exitOnError: boolean;
  traps: Map<string, string>;
  jobs: { pid: number; done: Promise<number> }[];
  pid: number;
  depth: number;
}

export function rootScope(
  machine: Machine,
  options: { signal: AbortSignal; terminal?: Terminal | undefined; pid: number },
): ShellScope {
  const { env, workingDir } = machine.environment;
  return {
    machine,
    terminal: options.terminal,
    signal: options.signal,
    vars: { ...env, PWD: workingDir },
    functions: new Map(),
    args: [],
    cwd: workingDir,
    lastExit: 0,
    exitOnError: false,
    traps: new Map(),
    jobs: [],
    pid: options.pid,
    depth: 0,
  };
}

export function subscope(scope: ShellScope, signal = scope.signal): ShellScope {
  return {
    ...scope,
    signal,
    vars: { ...scope.vars },
    functions: new Map(scope.functions),
    args: [...scope.args],
    traps: new Map(),
    jobs: [],
    depth: scope.depth + 1,
  };
}

/** Leaves the shell. */
export class ExitShell extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code & 255;
  }
}

/** Leaves `levels` loops, or goes on with the next turn of the outermost of them. */
export class LeaveLoop extends Error {
  levels: number;
  readonly again: boolean;

  constructor(levels: number, again: boolean) {
    super('loop');
    this.levels = levels;
    this.again = again;
  }
}

export class ReturnFromFunction extends ExitShell {}

/** How a command gets at the shell that runs it. */
export interface ShellCalls {
  runScript(scope: ShellScope, text: string, io: Io): Promise<number>;
  runShell(scope: ShellScope, text: string, io: Io): Promise<number>;
  runFunction(scope: ShellScope, name: string, args: string[], io: Io): Promise<number>;
  /** A command whose words are known. */
  runWords(scope: ShellScope, words: string[], io: Io): Promise<number>;
}

export function absolutePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export async function say(sink: ByteSink, text: string): Promise<void> {
  await sink.write(Buffer.from(text, 'utf8'));
}
