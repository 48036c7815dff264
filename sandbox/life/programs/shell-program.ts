import { BytePipe, type ByteSink } from '../shell/byte-pipe.ts';
import { RingLog } from '../container-log.ts';
import { CALLS, endOfThrown, runShell } from '../shell/shell.ts';
import { isInstalled } from '../shell/simple-command.ts';
import { rootScope, type Io, type ShellScope } from '../shell/shell-scope.ts';
import type { Exit, Program, ProgramSetting, RunningProgram } from './program.ts';

const SHELLS = /^(\/bin\/|\/usr\/bin\/)?(sh|ash|bash)$/;

/** Runs a container's command for real, in a shell of the sandbox; its output is the log. */
export function shellProgram(argv: readonly string[]): Program {
  return {
    name: 'shell',
    readyAfterMs: 200,
    load: { cpu: 0.1, memory: 0.3 },
    start: (setting, ended) => startShell(argv, setting, ended),
  };
}

function startShell(
  argv: readonly string[],
  setting: ProgramSetting,
  ended: (exit: Exit) => void,
): RunningProgram {
  const log = new RingLog(() => setting.clock.now());
  const abort = new AbortController();
  let over = false;
  const end = (exit: Exit): void => {
    if (over) return;
    over = true;
    log.close();
    ended(exit);
    abort.abort();
  };
  const machine = setting.machine();
  const process = machine.spawn(argv.join(' '));
  const scope = rootScope(machine, {
    signal: AbortSignal.any([abort.signal, machine.signal]),
    pid: process.pid,
  });
  const io = { stdin: emptyInput(), stdout: logSink(log), stderr: logSink(log) };
  void runToEnd(argv, scope, io).then(end, (error: unknown) =>
    end({ exitCode: 1, message: (error as Error).message }),
  );
  return {
    log,
    // As the first process of its pid namespace it is deaf to signals that it does not ask for.
    stop: () => {
      const trap = scope.traps.get('TERM');
      if (trap === undefined || trap === '') return;
      const handler = rootScope(machine, { signal: machine.signal, pid: process.pid });
      handler.vars = scope.vars;
      void runShell(handler, trap, io).then((exitCode) => end({ exitCode }));
    },
    kill: () => end({ exitCode: 137, reason: 'Error' }),
  };
}

async function runToEnd(argv: readonly string[], scope: ShellScope, io: Io): Promise<Exit> {
  const [name = ''] = argv;
  if (!SHELLS.test(name) && !(await isInstalled(name))) return cannotStart(name);
  try {
    return { exitCode: await CALLS.runWords(scope, [...argv], io) };
  } catch (error) {
    return { exitCode: await endOfThrown(scope, error, io) };
  }
}

/** The container runtime's answer to a command that is not in the image. */
function cannotStart(name: string): Exit {
  const problem = name.startsWith('/')
    ? `stat ${name}: no such file or directory`
    : 'executable file not found in $PATH';
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "${name}": ${problem}`;
  return { exitCode: 128, reason: 'StartError', message };
}

function emptyInput(): BytePipe {
  const pipe = new BytePipe();
  pipe.end();
  return pipe;
}

function logSink(log: RingLog): ByteSink {
  const decoder = new TextDecoder();
  return {
    write: (chunk) => {
      log.write(decoder.decode(chunk, { stream: true }));
      return Promise.resolve();
    },
    end: () => {},
  };
}
