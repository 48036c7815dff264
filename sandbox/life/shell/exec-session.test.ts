import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { ExecSession } from '../pod-runtime.ts';
import { openExec } from './exec-session.ts';
import { Machine } from './machine.ts';

function machineOf(): Machine {
  const environment = {
    env: { HOME: '/root', PATH: '/bin' },
    hostname: 'web-0',
    workingDir: '/',
    files: { '/etc/motd': 'welcome\n' },
  };
  return new Machine(environment, new ManualClock());
}

function exec(
  machine: Machine,
  command: string[],
  options: { tty?: boolean; stdin?: boolean; shellLess?: boolean } = {},
): ExecSession {
  const { tty = false, stdin = true, shellLess = false } = options;
  return openExec(
    machine,
    { container: 'c', command, stdin, stdout: true, stderr: true, tty },
    { shellLess },
  );
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of stream) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString();
}

/** Reads what comes until it holds the text. */
async function until(stream: NodeJS.ReadableStream, text: string): Promise<string> {
  let seen = '';
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk) seen += chunk.toString();
    if (seen.includes(text)) return seen;
    if (!chunk) await new Promise((resolve) => stream.once('readable', resolve));
  }
}

test('[SL70] a command gives its output, its errors and its exit code', async () => {
  const session = exec(machineOf(), ['sh', '-c', 'echo out; echo err >&2; exit 3']);
  assert.deepEqual(await Promise.all([textOf(session.stdout), textOf(session.stderr), session.exited]), [
    'out\n',
    'err\n',
    { exitCode: 3 },
  ]);
});

test('[SL71] input is piped to its end, and files stay', async () => {
  const machine = machineOf();
  const writing = exec(machine, ['sh', '-c', 'cat > /tmp/f']);
  writing.stdin.end('piped\n');
  assert.deepEqual(await writing.exited, { exitCode: 0 });
  const reading = exec(machine, ['cat', '/tmp/f']);
  assert.equal(await textOf(reading.stdout), 'piped\n');
});

for (const [command, shellLess, error] of [
  [['nope'], false, /exec: "nope": executable file not found in \$PATH/],
  [['sh'], true, /exec: "sh": executable file not found in \$PATH/],
  [['/no/such'], false, /stat \/no\/such: no such file or directory/],
] as const)
  test(`[SL72] ${command.join(' ')}${shellLess ? ' in an image without a shell' : ''} cannot be started`, async () => {
    const result = await exec(machineOf(), [...command], { shellLess }).exited;
    assert.ok('error' in result);
    assert.match(result.error, error);
  });

test('[SL73] output waits for its reader: what is not read is not made', async () => {
  const session = exec(machineOf(), ['sh', '-c', 'yes | head -c 100M']);
  await until(session.stdout, 'y');
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  const { readableLength } = session.stdout as Readable;
  assert.ok(readableLength < 1024 * 1024, `${readableLength} bytes wait`);
  session.kill();
  assert.deepEqual(await session.exited, { exitCode: 137 });
});

test('[SL74] a terminal prompts, echoes, runs, keeps its state and ends on Ctrl-D', async () => {
  const session = exec(machineOf(), ['sh'], { tty: true });
  await until(session.stdout, '/ # ');
  session.stdin.write('cd /etc; X=5\r');
  await until(session.stdout, '/etc # ');
  session.stdin.write('cat motd; echo $X; false\r');
  assert.match(
    await until(session.stdout, '/etc # '),
    /cat motd; echo \$X; false\r\nwelcome\r\n5\r\n\/etc # $/,
  );
  session.stdin.write('\u0004');
  assert.deepEqual(await session.exited, { exitCode: 1 });
});

test('[SL75] the size of the terminal is what the client says', async () => {
  const session = exec(machineOf(), ['sh'], { tty: true });
  session.resize(120, 40);
  await until(session.stdout, '# ');
  session.stdin.write('stty size; echo $COLUMNS\r');
  assert.match(await until(session.stdout, '120\r\n/ # '), /40 120\r\n120\r\n/);
  session.resize(90, 20);
  session.stdin.write('stty size; echo $LINES\r');
  assert.match(await until(session.stdout, '\r\n20\r\n'), /20 90\r\n20\r\n/);
  session.kill();
  await session.exited;
});

test('[SL76] Ctrl-C ends the command and not the shell', async () => {
  const session = exec(machineOf(), ['sh'], { tty: true });
  await until(session.stdout, '# ');
  session.stdin.write('sleep 1000\r');
  await until(session.stdout, 'sleep 1000\r\n');
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  session.stdin.write('\u0003');
  await until(session.stdout, '/ # ');
  session.stdin.write('echo $?\r');
  await until(session.stdout, '\r\n130\r\n');
  session.stdin.write('exit 7\r');
  assert.deepEqual(await session.exited, { exitCode: 7 });
});

test('[SL77] a command on a terminal reads lines as they are entered', async () => {
  const session = exec(machineOf(), ['sh'], { tty: true });
  await until(session.stdout, '# ');
  session.stdin.write('cat\r');
  await until(session.stdout, 'cat\r\n');
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  session.stdin.write('helo\u007flo\r');
  await until(session.stdout, '\r\nhello\r\n');
  session.stdin.write('\u0004');
  await until(session.stdout, '/ # ');
  session.kill();
  await session.exited;
});

test('[SL77] lines that a command leaves unread are for the shell', async () => {
  const session = exec(machineOf(), ['sh'], { tty: true });
  await until(session.stdout, '# ');
  session.stdin.write('head -n 1\r');
  await until(session.stdout, 'head -n 1\r\n');
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  session.stdin.write('for head\rexit 5\r');
  await until(session.stdout, '\r\nfor head\r\n');
  assert.deepEqual(await session.exited, { exitCode: 5 });
});
