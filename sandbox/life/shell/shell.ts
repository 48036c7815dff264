import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode } from 'just-bash';
import { BrokenPipe, BytePipe } from './byte-pipe.ts';
import { emit, expandWords, runInBash, scriptOf } from './just-bash-bridge.ts';
import { openRedirections } from './redirections.ts';
import {
  ExitShell,
  LeaveLoop,
  ReturnFromFunction,
  say,
  subscope,
  type Io,
  type ShellCalls,
  type ShellScope,
} from './shell-scope.ts';
import { runCommandLine, runSimple } from './simple-command.ts';

const MAX_DEPTH = 60;
const NO_FORK = "can't fork: Resource temporarily unavailable";

export const CALLS: ShellCalls = {
  runScript,
  runShell,
  runFunction,
  runWords: (scope, words, io) => runCommandLine(scope, words, io, CALLS),
};

/**
 * Runs a script, its output flowing while it runs. just-bash parses it, expands its words and runs what has no need to
 * stream; loops, pipelines, redirections and whatever may wait or never end run here.
 */
export async function runScript(scope: ShellScope, text: string, io: Io): Promise<number> {
  const { parse } = await import('just-bash');
  let script: ScriptNode;
  try {
    script = parse(text);
  } catch (error) {
    await say(io.stderr, `sh: ${(error as Error).message.replace(/^Parse error at /, 'syntax error at ')}\n`);
    return (scope.lastExit = 2);
  }
  return runStatements(scope, script.statements, io);
}

/** As a whole shell: `exit` ends here, and with it its exit trap runs. */
export async function runShell(scope: ShellScope, text: string, io: Io): Promise<number> {
  let code: number;
  try {
    code = await runScript(scope, text, io);
  } catch (error) {
    code = await endOfThrown(scope, error, io);
  }
  const trap = scope.traps.get('EXIT');
  if (trap === undefined) return code;
  scope.traps.delete('EXIT');
  return runShell(scope, trap, io).then(() => code);
}

/** The exit code that a shell ends with when this was thrown through it; what is no control flow is told as an error. */
export async function endOfThrown(scope: ShellScope, error: unknown, io: Io): Promise<number> {
  if (error instanceof ExitShell) return error.code;
  if (error instanceof LeaveLoop) return 0;
  if (error instanceof BrokenPipe) return 141;
  if (scope.signal.aborted) return 130;
  // With standard error closed too there is nobody left to tell.
  await say(io.stderr, `sh: ${(error as Error).message}\n`).catch(() => {});
  return 1;
}

async function runStatements(
  scope: ShellScope,
  statements: readonly StatementNode[],
  io: Io,
): Promise<number> {
  for (const statement of statements) {
    if (scope.signal.aborted) throw new ExitShell(130);
    if (statement.background) startJob(scope, statement, io);
    else await runStatement(scope, statement, io);
  }
  return scope.lastExit;
}

async function runStatement(scope: ShellScope, statement: StatementNode, io: Io): Promise<void> {
  for (const [index, pipeline] of statement.pipelines.entries()) {
    const operator = index === 0 ? ';' : statement.operators[index - 1];
    if (operator === '&&' && scope.lastExit !== 0) continue;
    if (operator === '||' && scope.lastExit === 0) continue;
    const code = await runPipeline(scope, pipeline, io);
    scope.lastExit = pipeline.negated ? Number(code === 0) : code;
  }
  if (scope.exitOnError && scope.lastExit !== 0 && statement.pipelines.length === 1)
    throw new ExitShell(scope.lastExit);
}

function startJob(scope: ShellScope, statement: StatementNode, io: Io): void {
  if (!scope.machine.fork()) throw new Error(NO_FORK);
  const process = scope.machine.spawn(statement.sourceText?.replace(/\s*&$/, '') ?? 'sh');
  const done = runStatement(subscope(scope), { ...statement, background: false }, { ...io })
    .then(
      () => 0,
      (error: unknown) => (error instanceof ExitShell ? error.code : 1),
    )
    .finally(() => {
      process.end();
      scope.machine.reap();
    });
  scope.jobs.push({ pid: process.pid, done });
  scope.vars['!'] = String(process.pid);
  scope.lastExit = 0;
}

async function runPipeline(scope: ShellScope, pipeline: PipelineNode, io: Io): Promise<number> {
  const { commands } = pipeline;
  if (commands.length === 1) return runCommand(scope, commands[0]!, io);
  let stdin = io.stdin;
  const stages: Promise<number>[] = [];
  for (const [index, command] of commands.entries()) {
    const pipe = index === commands.length - 1 ? undefined : new BytePipe();
    const withErrors = pipeline.pipeStderr?.[index] === true;
    const stage = { stdin, stdout: pipe ?? io.stdout, stderr: withErrors && pipe ? pipe : io.stderr };
    stages.push(runStage(subscope(scope), command, stage, pipe, index > 0));
    if (pipe) stdin = pipe;
  }
  const codes = await Promise.all(stages);
  return codes.at(-1)!;
}

async function runStage(
  scope: ShellScope,
  command: CommandNode,
  io: Io,
  output: BytePipe | undefined,
  ownsInput: boolean,
): Promise<number> {
  const forked = scope.machine.fork();
  try {
    if (!forked) throw new Error(NO_FORK);
    return await runCommand(scope, command, io);
  } catch (error) {
    return await endOfThrown(scope, error, io);
  } finally {
    if (forked) scope.machine.reap();
    output?.end();
    if (ownsInput) io.stdin.close();
  }
}

async function runCommand(scope: ShellScope, command: CommandNode, io: Io): Promise<number> {
  if (scope.signal.aborted) throw new ExitShell(130);
  if (command.type === 'FunctionDef') {
    scope.functions.set(command.name, command);
    return 0;
  }
  const opened = await openRedirections(scope, command.redirections, io);
  if ('error' in opened) {
    await say(io.stderr, `sh: ${opened.error}\n`);
    return 1;
  }
  try {
    scope.lastExit = await (command.type === 'SimpleCommand'
      ? runSimple(scope, command, opened.io, CALLS)
      : runCompound(scope, command, opened.io));
    return scope.lastExit;
  } catch (error) {
    if (isControlFlow(error) || scope.signal.aborted) throw error;
    await say(io.stderr, `sh: ${(error as Error).message}\n`);
    return (scope.lastExit = 1);
  } finally {
    await opened.close().catch(() => {});
  }
}

function isControlFlow(error: unknown): boolean {
  return error instanceof ExitShell || error instanceof LeaveLoop || error instanceof BrokenPipe;
}

async function runCompound(
  scope: ShellScope,
  command: Exclude<CommandNode, SimpleCommandNode>,
  io: Io,
): Promise<number> {
  switch (command.type) {
    case 'If':
      for (const clause of command.clauses)
        if ((await condition(scope, clause.condition, io)) === 0) return block(scope, clause.body, io);
      return command.elseBody ? block(scope, command.elseBody, io) : 0;
    case 'While':
      return loop(scope, async () => (await condition(scope, command.condition, io)) === 0, command.body, io);
    case 'Until':
      return loop(scope, async () => (await condition(scope, command.condition, io)) !== 0, command.body, io);
    case 'For': {
      const words = command.words ? (await expandWords(scope, command.words)).argv : [...scope.args];
      let at = 0;
      const next = (): Promise<boolean> => {
        if (at < words.length) scope.vars[command.variable] = words[at]!;
        return Promise.resolve(at++ < words.length);
      };
      return loop(scope, next, command.body, io);
    }
    case 'CStyleFor':
      return cStyleFor(scope, command, io);
    case 'Case':
      return runCase(scope, command, io);
    case 'Group':
      return block(scope, command.body, io);
    case 'Subshell':
      return runStatements(subscope(scope), command.body, io).catch((error: unknown) =>
        endOfThrown(scope, error, io),
      );
    case 'FunctionDef':
      return 0;
    case 'ArithmeticCommand':
    case 'ConditionalCommand':
      return delegate(scope, command, io);
  }
}

async function block(scope: ShellScope, body: readonly StatementNode[], io: Io): Promise<number> {
  scope.lastExit = 0;
  return runStatements(scope, body, io);
}

/** A condition may fail without ending a shell that ends on errors. */
async function condition(scope: ShellScope, statements: readonly StatementNode[], io: Io): Promise<number> {
  const { exitOnError } = scope;
  scope.exitOnError = false;
  try {
    return await runStatements(scope, statements, io);
  } finally {
    scope.exitOnError = exitOnError;
  }
}

async function loop(
  scope: ShellScope,
  goesOn: () => Promise<boolean>,
  body: readonly StatementNode[],
  io: Io,
): Promise<number> {
  let code = 0;
  let turns = 0;
  while (await goesOn()) {
    // A loop that never waits must still let everybody else have a turn.
    if (++turns % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (scope.signal.aborted) throw new ExitShell(130);
    try {
      code = await runStatements(scope, body, io);
    } catch (error) {
      if (!(error instanceof LeaveLoop)) throw error;
      if (error.levels > 1) {
        error.levels -= 1;
        throw error;
      }
      code = 0;
      if (!error.again) break;
    }
  }
  return code;
}

async function cStyleFor(
  scope: ShellScope,
  command: Extract<CommandNode, { type: 'CStyleFor' }>,
  io: Io,
): Promise<number> {
  const arithmetic = async (expression: typeof command.init): Promise<boolean> => {
    if (!expression) return true;
    return (await delegate(scope, { type: 'ArithmeticCommand', expression, redirections: [] }, io)) === 0;
  };
  await arithmetic(command.init);
  let first = true;
  const goesOn = async (): Promise<boolean> => {
    if (!first) await arithmetic(command.update);
    first = false;
    return arithmetic(command.condition);
  };
  return loop(scope, goesOn, command.body, io);
}

/** just-bash matches the patterns: each body is replaced by its number. */
async function runCase(
  scope: ShellScope,
  command: Extract<CommandNode, { type: 'Case' }>,
  io: Io,
): Promise<number> {
  const { parse, serialize } = await import('just-bash');
  const items = command.items.map((item, index) => ({
    ...item,
    body: parse(`printf '%s ' ${index}`).statements,
  }));
  const chosen = await runInBash(scope, serialize(scriptOf({ ...command, items, redirections: [] })));
  let code = 0;
  for (const index of chosen.stdout.toString().split(' ').filter(Boolean))
    code = await block(scope, command.items[Number(index)]!.body, io);
  return code;
}

async function runFunction(scope: ShellScope, name: string, args: string[], io: Io): Promise<number> {
  if (scope.depth > MAX_DEPTH) throw new Error('maximum function nesting reached');
  const outer = scope.args;
  scope.args = args;
  scope.depth += 1;
  try {
    return await runCommand(scope, scope.functions.get(name)!.body, io);
  } catch (error) {
    if (error instanceof ReturnFromFunction) return error.code;
    throw error;
  } finally {
    scope.args = outer;
    scope.depth -= 1;
  }
}

async function delegate(scope: ShellScope, command: CommandNode, io: Io): Promise<number> {
  const { serialize } = await import('just-bash');
  const result = await runInBash(scope, serialize(scriptOf({ ...command, redirections: [] } as CommandNode)));
  await emit(result, io);
  return result.exitCode;
}
