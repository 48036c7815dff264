import { readLine, type ByteSource } from './byte-pipe.ts';
import { formatDate } from './date-format.ts';
import { uname } from './just-bash-bridge.ts';
import { fileSink, openSource } from './redirections.ts';
import {
  ExitShell,
  absolutePath,
  say,
  subscope,
  type Io,
  type ShellCalls,
  type ShellScope,
} from './shell-scope.ts';
import { sh } from './sh-command.ts';

/** Commands that stream, wait, or know the container. `delegate` leaves the case to just-bash. */
export type NativeCommand = (
  scope: ShellScope,
  args: string[],
  io: Io,
  calls: ShellCalls,
) => Promise<number | 'delegate'>;

const BLOCK = 32 * 1024;

export const NATIVE_COMMANDS: ReadonlyMap<string, NativeCommand> = new Map<string, NativeCommand>([
  ['echo', echo],
  ['cat', cat],
  ['yes', yes],
  ['head', head],
  ['tail', tail],
  ['tee', tee],
  ['wc', wc],
  ['seq', seq],
  ['sleep', sleep],
  ['date', async (scope, args, io) => put(io, formatDate(args, scope.machine.clock.now()))],
  ['sh', sh],
  ['ash', sh],
  ['bash', sh],
  ['timeout', timeout],
  ['watch', watch],
  ['nohup', async (scope, args, io, calls) => runWords(scope, args, io, calls)],
  ['time', async (scope, args, io, calls) => runWords(scope, args, io, calls)],
  ['hostname', async (scope, _args, io) => line(io, scope.machine.environment.hostname)],
  ['uname', async (scope, args, io) => line(io, uname(args, scope.machine.environment.hostname))],
  ['whoami', async (_scope, _args, io) => line(io, 'root')],
  [
    'id',
    async (_scope, args, io) =>
      line(io, args[0] === '-u' || args[0] === '-g' ? '0' : 'uid=0(root) gid=0(root) groups=0(root)'),
  ],
  ['nproc', async (_scope, _args, io) => line(io, '4')],
  [
    'tty',
    async (scope, _args, io) => (
      await line(io, scope.terminal ? '/dev/pts/0' : 'not a tty'),
      scope.terminal ? 0 : 1
    ),
  ],
  ['stty', stty],
  ['clear', async (_scope, _args, io) => (await say(io.stdout, '\u001b[H\u001b[2J'), 0)],
  ['reset', async (_scope, _args, io) => (await say(io.stdout, '\u001bc'), 0)],
  ['ps', ps],
  ['top', top],
  [
    'uptime',
    async (scope, _args, io) =>
      line(
        io,
        `${new Date(scope.machine.clock.now()).toISOString().slice(11, 19)} up 3 days,  load average: 0.18, 0.22, 0.19`,
      ),
  ],
  [
    'free',
    async (_scope, _args, io) =>
      line(
        io,
        '              total        used        free\nMem:        8145812     2210400     5935412\nSwap:             0           0           0',
      ),
  ],
  ['kill', kill],
  ['sync', () => Promise.resolve(0)],
  ['poweroff', (scope, _args, io) => power(scope, io, 'off')],
  ['reboot', (scope, _args, io) => power(scope, io, 'reboot')],
  ['ping', (_scope, args, io) => noNetwork(io, 'ping', args)],
  ['wget', (_scope, args, io) => noNetwork(io, 'wget', args)],
  ['nslookup', (_scope, args, io) => noNetwork(io, 'nslookup', args)],
  ['nc', (_scope, args, io) => noNetwork(io, 'nc', args)],
]);

async function line(io: Io, text: string): Promise<number> {
  await say(io.stdout, `${text}\n`);
  return 0;
}

async function put(io: Io, result: { stdout: string; stderr: string; exitCode: number }): Promise<number> {
  if (result.stderr) await say(io.stderr, result.stderr);
  if (result.stdout) await say(io.stdout, result.stdout);
  return result.exitCode;
}

async function power(scope: ShellScope, io: Io, action: 'off' | 'reboot'): Promise<number> {
  if (!scope.machine.power) {
    await say(io.stderr, 'reboot: Operation not permitted\n');
    return 1;
  }
  scope.machine.power(action);
  return 0;
}

async function noNetwork(io: Io, name: string, args: readonly string[]): Promise<number> {
  const host = args.findLast((arg) => !arg.startsWith('-')) ?? '';
  await say(io.stderr, `${name}: bad address '${host}' (the sandbox's pods have no network)\n`);
  return 1;
}

async function echo(_scope: ShellScope, args: string[], io: Io): Promise<number | 'delegate'> {
  if (args[0]?.startsWith('-') && args[0] !== '-n') return 'delegate';
  const newline = args[0] !== '-n';
  await say(io.stdout, `${(newline ? args : args.slice(1)).join(' ')}${newline ? '\n' : ''}`);
  return 0;
}

async function copy(scope: ShellScope, source: ByteSource, io: Io): Promise<void> {
  for (let chunk = await source.read(); chunk; chunk = await source.read()) {
    stopIfAborted(scope);
    await io.stdout.write(chunk);
  }
}

function stopIfAborted(scope: ShellScope): void {
  if (scope.signal.aborted) throw new ExitShell(130);
}

/** Every named file in turn, or the input; what cannot be opened is told, and 1 is the answer. */
async function eachSource(
  scope: ShellScope,
  name: string,
  paths: readonly string[],
  io: Io,
  visit: (source: ByteSource, path: string) => Promise<void>,
): Promise<number> {
  let code = 0;
  for (const path of paths.length === 0 ? ['-'] : paths) {
    const source = path === '-' ? io.stdin : await openSource(scope, path);
    if (typeof source === 'string') {
      code = 1;
      await say(io.stderr, `${name}: ${source.replace(/: no such file$/, ': No such file or directory')}\n`);
      continue;
    }
    try {
      await visit(source, path);
    } finally {
      if (path !== '-') source.close();
    }
  }
  return code;
}

async function cat(scope: ShellScope, args: string[], io: Io): Promise<number | 'delegate'> {
  if (args.some((arg) => arg.startsWith('-') && arg !== '-')) return 'delegate';
  return eachSource(scope, 'cat', args, io, (source) => copy(scope, source, io));
}

async function yes(scope: ShellScope, args: string[], io: Io): Promise<number> {
  const text = `${args.length === 0 ? 'y' : args.join(' ')}\n`;
  const block = Buffer.from(text.repeat(Math.max(1, Math.floor(BLOCK / text.length))));
  for (;;) {
    stopIfAborted(scope);
    await io.stdout.write(block);
    await turn();
  }
}

/** So that a command which never waits does not keep everybody else waiting. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** `100`, `4k`, `100M` in bytes. */
function size(text: string): number {
  const match = /^(\d+)([kKmMgG]?)(B?)$/.exec(text);
  if (!match) return Number.NaN;
  const unit = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[match[2]!.toLowerCase()] ?? 1;
  return Number(match[1]) * unit;
}

/** `-n 5`, `-n5`, `-5`, `-c 10`; the rest are paths. */
function countOptions(args: readonly string[]): {
  lines: number | undefined;
  bytes: number | undefined;
  follow: boolean;
  paths: string[];
  odd: boolean;
} {
  const found = {
    lines: undefined as number | undefined,
    bytes: undefined as number | undefined,
    follow: false,
    paths: [] as string[],
    odd: false,
  };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const short = /^-([nc])(.*)$/.exec(arg);
    if (short) {
      const value = size(short[2] || (args[++at] ?? ''));
      if (short[1] === 'n') found.lines = value;
      else found.bytes = value;
      if (Number.isNaN(value)) found.odd = true;
    } else if (/^-\d+$/.test(arg)) found.lines = Number(arg.slice(1));
    else if (arg === '-f' || arg === '-F') found.follow = true;
    else if (arg.startsWith('-') && arg !== '-') found.odd = true;
    else found.paths.push(arg);
  }
  return found;
}

async function head(scope: ShellScope, args: string[], io: Io): Promise<number | 'delegate'> {
  const { lines, bytes, paths, odd } = countOptions(args);
  if (odd || paths.length > 1) return 'delegate';
  return eachSource(scope, 'head', paths, io, (source) =>
    bytes === undefined ? headLines(source, lines ?? 10, io) : headBytes(scope, source, bytes, io),
  );
}

async function headBytes(scope: ShellScope, source: ByteSource, count: number, io: Io): Promise<void> {
  let left = count;
  while (left > 0) {
    stopIfAborted(scope);
    const chunk = await source.read();
    if (!chunk) return;
    await io.stdout.write(chunk.subarray(0, left));
    if (chunk.length > left) source.unread(chunk.subarray(left));
    left -= chunk.length;
  }
}

async function headLines(source: ByteSource, count: number, io: Io): Promise<void> {
  for (let left = count; left > 0; left--) {
    const next = await readLine(source);
    if (!next) return;
    await io.stdout.write(next);
  }
}

/** Only following is done here; the rest needs all of its input anyway. */
async function tail(scope: ShellScope, args: string[], io: Io): Promise<number | 'delegate'> {
  const { follow, paths, lines } = countOptions(args);
  if (!follow || paths.length === 0) return 'delegate';
  const path = absolutePath(scope.cwd, paths[0]!);
  if (path === '/dev/null') return forever(scope);
  const fs = await scope.machine.files();
  const initial = await fs.readFileBuffer(path).catch(() => undefined);
  if (!initial) {
    await say(io.stderr, `tail: can't open '${paths[0]}': No such file or directory\n`);
    return 1;
  }
  const all = Buffer.from(initial).toString('utf8').split('\n');
  const last = all.at(-1) === '' ? all.slice(0, -1) : all;
  await say(
    io.stdout,
    last
      .slice(-(lines ?? 10))
      .map((each) => `${each}\n`)
      .join(''),
  );
  for (let seen = initial.length; ;) {
    await pause(scope, 1000);
    const now = await fs.readFileBuffer(path).catch(() => new Uint8Array());
    if (now.length > seen) await io.stdout.write(now.subarray(seen));
    seen = now.length;
  }
}

async function forever(scope: ShellScope): Promise<number> {
  await new Promise<void>((resolve) => {
    if (scope.signal.aborted) resolve();
    else scope.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  throw new ExitShell(130);
}

async function pause(scope: ShellScope, ms: number): Promise<void> {
  await scope.machine.clock.sleep(ms, scope.signal).catch(() => {
    throw new ExitShell(130);
  });
}

async function tee(scope: ShellScope, args: string[], io: Io): Promise<number> {
  const append = args.includes('-a');
  const fs = await scope.machine.files();
  const sinks = [];
  for (const path of args.filter((arg) => !arg.startsWith('-'))) {
    const full = absolutePath(scope.cwd, path);
    if (full === '/dev/null') continue;
    await (append ? fs.appendFile(full, '') : fs.writeFile(full, ''));
    sinks.push(fileSink((bytes) => fs.appendFile(full, bytes)));
  }
  for (let chunk = await io.stdin.read(); chunk; chunk = await io.stdin.read()) {
    for (const sink of sinks) await sink.write(chunk);
    await io.stdout.write(chunk);
  }
  for (const sink of sinks) await sink.flush();
  return 0;
}

async function wc(scope: ShellScope, args: string[], io: Io): Promise<number | 'delegate'> {
  const paths = args.filter((arg) => !arg.startsWith('-'));
  const flags = args
    .filter((arg) => arg.startsWith('-'))
    .join('')
    .replaceAll('-', '');
  if (paths.length > 0 || /[^cl]/.test(flags) || flags.length !== 1) return 'delegate';
  let bytes = 0;
  let newlines = 0;
  for (let chunk = await io.stdin.read(); chunk; chunk = await io.stdin.read()) {
    stopIfAborted(scope);
    bytes += chunk.length;
    if (flags === 'l') for (const byte of chunk) if (byte === 10) newlines += 1;
  }
  return line(io, String(flags === 'c' ? bytes : newlines));
}

async function seq(scope: ShellScope, args: string[], io: Io): Promise<number | 'delegate'> {
  const numbers = args.map(Number);
  if (args.length === 0 || args.length > 3 || numbers.some((each) => !Number.isInteger(each)))
    return 'delegate';
  const last = numbers.at(-1)!;
  const first = numbers.length > 1 ? numbers[0]! : 1;
  const step = numbers.length === 3 ? numbers[1]! : 1;
  if (step === 0) return 'delegate';
  let text = '';
  for (let at = first; step > 0 ? at <= last : at >= last; at += step) {
    text += `${at}\n`;
    if (text.length < BLOCK) continue;
    await say(io.stdout, text);
    text = '';
    stopIfAborted(scope);
    await turn();
  }
  if (text) await say(io.stdout, text);
  return 0;
}

async function sleep(scope: ShellScope, args: string[], io: Io): Promise<number> {
  let seconds = 0;
  for (const arg of args) {
    const match = /^(\d*\.?\d+)([smhd]?)$/.exec(arg);
    if (arg === 'infinity' || arg === 'inf') return forever(scope);
    if (!match) {
      await say(io.stderr, `sleep: invalid number '${arg}'\n`);
      return 1;
    }
    seconds +=
      Number(match[1]) * { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as '' | 's' | 'm' | 'h' | 'd'];
  }
  // Longer than a timer can be: in parts of a day.
  for (let left = seconds * 1000; left > 0; left -= 86_400_000)
    await pause(scope, Math.min(left, 86_400_000));
  return 0;
}

async function runWords(scope: ShellScope, args: string[], io: Io, calls: ShellCalls): Promise<number> {
  return args.length === 0 ? 0 : calls.runWords(scope, args, io);
}

async function timeout(scope: ShellScope, args: string[], io: Io, calls: ShellCalls): Promise<number> {
  const rest = args.filter((arg, at) => !(arg.startsWith('-') && at < 2));
  const seconds = Number.parseFloat(rest[0] ?? '');
  const limit = new AbortController();
  const cancel = scope.machine.clock.after(seconds * 1000, () => limit.abort());
  const inner = subscope(scope, AbortSignal.any([scope.signal, limit.signal]));
  try {
    return await runWords(inner, rest.slice(1), io, calls);
  } catch (error) {
    if (limit.signal.aborted && error instanceof ExitShell) return 143;
    throw error;
  } finally {
    cancel();
  }
}

async function watch(scope: ShellScope, args: string[], io: Io, calls: ShellCalls): Promise<number> {
  const every = args[0] === '-n' ? Number(args[1]) : 2;
  const words = args[0] === '-n' ? args.slice(2) : args;
  for (;;) {
    await say(io.stdout, `\u001b[H\u001b[JEvery ${every}s: ${words.join(' ')}\n\n`);
    await calls.runScript(scope, words.join(' '), io);
    await pause(scope, every * 1000);
  }
}

async function stty(scope: ShellScope, args: string[], io: Io): Promise<number> {
  if (!scope.terminal) {
    await say(io.stderr, 'stty: standard input: Not a tty\n');
    return 1;
  }
  const { rows, columns } = scope.terminal;
  if (args[0] === 'size') return line(io, `${rows} ${columns}`);
  return args.length === 0 || args[0] === '-a'
    ? line(io, `speed 38400 baud; rows ${rows}; columns ${columns}; line = 0;`)
    : 0;
}

async function ps(scope: ShellScope, _args: string[], io: Io): Promise<number> {
  const now = scope.machine.clock.now();
  const rows = scope.machine.processes().map(({ pid, command, startedAt }) => {
    const seconds = Math.max(0, Math.floor((now - startedAt) / 1000));
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    return `${String(pid).padStart(5)} root     ${time.padStart(6)} ${command}`;
  });
  return line(io, ['  PID USER       TIME COMMAND', ...rows].join('\n'));
}

async function top(scope: ShellScope, args: string[], io: Io): Promise<number> {
  const once = args.some((arg) => /b|n/.test(arg)) || !scope.terminal;
  for (;;) {
    if (!once) await say(io.stdout, '\u001b[H\u001b[J');
    await say(
      io.stdout,
      'Mem: 2210400K used, 5935412K free\nCPU:   2% usr   1% sys  97% idle\nLoad average: 0.18 0.22 0.19 1/184\n',
    );
    await ps(scope, [], io);
    if (once) return 0;
    await pause(scope, 2000);
  }
}

async function kill(scope: ShellScope, args: string[], io: Io): Promise<number> {
  const pid = args.findLast((arg) => /^\d+$/.test(arg));
  if (pid === undefined) return 1;
  if (!scope.machine.kill(Number(pid))) {
    await say(io.stderr, `sh: can't kill pid ${pid}: No such process\n`);
    return 1;
  }
  return 0;
}
