import type { ByteSink } from '../shell/byte-pipe.ts';
import { LOG_BYTES, RingLog } from '../container-log.ts';
import { CALLS, endOfThrown, runShell } from '../shell/shell.ts';
import { isInstalled } from '../shell/simple-command.ts';
import { isShell } from '../shell/shell-names.ts';
import { rootScope, type ShellScope } from '../shell/shell-scope.ts';
import { TerminalSession } from '../shell/terminal-session.ts';
import type { Exit, Program, ProgramSetting, RunningProgram } from './program.ts';
import { ShellConsole } from './shell-console.ts';

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
  const log = new RingLog(() => setting.clock.now(), logBytesOf(setting.pod));
  const abort = new AbortController();
  let over = false;
  const end = (exit: Exit): void => {
    if (over) return;
    over = true;
    log.close();
    ended(exit);
    abort.abort();
  };
  const console = new ShellConsole(setting.container, logSink(log), abort.signal);
  const machine = setting.machine();
  const process = machine.spawn(argv.join(' '));
  const scope = rootScope(machine, {
    signal: AbortSignal.any([abort.signal, machine.signal]),
    pid: process.pid,
    terminal: console.terminal,
  });
  void runToEnd(argv, scope, console).then(end, (error: unknown) =>
    end({ exitCode: 1, message: (error as Error).message }),
  );
  return {
    log,
    console,
    // As the first process of its pid namespace it is deaf to signals that it does not ask for.
    stop: () => {
      const trap = scope.traps.get('TERM');
      if (trap === undefined || trap === '') return;
      const handler = rootScope(machine, { signal: machine.signal, pid: process.pid });
      handler.vars = scope.vars;
      void runShell(handler, trap, console.io).then((exitCode) => end({ exitCode }));
    },
    kill: () => end({ exitCode: 137, reason: 'Error' }),
  };
}

/** The kubelet's containerLogMaxSize, for one pod. */
const LOG_BYTES_ANNOTATION = 'sandbox.krateyard.dev/container-log-max-bytes';

function logBytesOf({ metadata }: ProgramSetting['pod']): number {
  const asked = Number(metadata.annotations?.[LOG_BYTES_ANNOTATION]);
  return Number.isSafeInteger(asked) && asked > 0 ? asked : LOG_BYTES;
}

async function runToEnd(argv: readonly string[], scope: ShellScope, console: ShellConsole): Promise<Exit> {
  const [name = ''] = argv;
  if (!isShell(name) && !(await isInstalled(name))) return cannotStart(name);
  if (console.terminal) {
    const session = new TerminalSession(scope, console.terminal, console.io.stdout);
    console.use(session);
    return { exitCode: await session.start(argv) };
  }
  try {
    return { exitCode: await CALLS.runWords(scope, [...argv], console.io) };
  } catch (error) {
    return { exitCode: await endOfThrown(scope, error, console.io) };
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
