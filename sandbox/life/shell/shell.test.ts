import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { BytePipe, readAll, sourceOf } from './byte-pipe.ts';
import { Machine } from './machine.ts';
import { runShell } from './shell.ts';
import { rootScope } from './shell-scope.ts';

const HOUR_BYTES = 64 * 1024 * 1024;

function machineOf(clock = new ManualClock()): Machine {
  const environment = {
    env: { GREETING: 'hello', PATH: '/bin', HOME: '/root' },
    hostname: 'web-0',
    workingDir: '/',
    files: { '/etc/motd': 'welcome\n', '/data/a.txt': '1\n2\n3\n' },
  };
  return new Machine(environment, clock);
}

async function run(
  script: string,
  options: { stdin?: string; machine?: Machine } = {},
): Promise<{ out: string; err: string; code: number }> {
  const machine = options.machine ?? machineOf();
  const stdout = new BytePipe();
  const stderr = new BytePipe();
  const scope = rootScope(machine, { signal: machine.signal, pid: 1 });
  const code = runShell(scope, script, {
    stdin: sourceOf(Buffer.from(options.stdin ?? '')),
    stdout,
    stderr,
  }).finally(() => {
    stdout.end();
    stderr.end();
  });
  const [out, err] = await Promise.all([readAll(stdout, HOUR_BYTES), readAll(stderr, HOUR_BYTES)]);
  return { out: out.toString(), err: err.toString(), code: await code };
}

const scripts: [script: string, out: string, code?: number][] = [
  ['echo hi; exit 3', 'hi\n', 3],
  ['echo -n a; printf "%s-%d\\n" b 7', 'ab-7\n'],
  ['true && echo yes || echo no', 'yes\n'],
  ['false || echo no', 'no\n'],
  ['! false; echo $?', '0\n'],
  ['x=5; y=$((x+2)); echo "$x $y ${z:-none}"', '5 7 none\n'],
  ['for i in 1 2 3; do echo "n$i"; done', 'n1\nn2\nn3\n'],
  ['for i in $(seq 1 3); do [ $i = 2 ] && continue; echo $i; done', '1\n3\n'],
  ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done', '1\n2\n3\n'],
  ['until false; do echo once; break; done', 'once\n'],
  ['for ((i=0;i<2;i++)); do echo $i; done', '0\n1\n'],
  ['if [ -f /etc/motd ]; then cat /etc/motd; else echo none; fi', 'welcome\n'],
  ['case abc in a*) echo starts;; *) echo other;; esac', 'starts\n'],
  ['f() { echo "$1-$#"; return 4; }; f a b; echo $?', 'a-2\n4\n'],
  ['cat /data/a.txt | wc -l', '3\n'],
  ['seq 1 5 | head -n 2', '1\n2\n'],
  ['yes | head -c 6', 'y\ny\ny\n'],
  ['yes | head -c 4M | wc -c', '4194304\n'],
  ['echo b >/tmp/x; echo a >>/tmp/x; sort /tmp/x', 'a\nb\n'],
  ['echo one | tee /tmp/y; cat < /tmp/y', 'one\none\n'],
  ['echo err >&2; echo out', 'out\n'],
  ['nope 2>/dev/null; echo $?', '127\n'],
  ['(cd /data; pwd); pwd', '/data\n/\n'],
  ['cd /data && ls', 'a.txt\n'],
  ['cat <<END\n$GREETING there\nEND', 'hello there\n'],
  ['read a b; echo "$b $a"', 'two three one\n'],
  ['while read line; do echo "[$line]"; done', '[one two three]\n'],
  ['grep two', 'one two three\n'],
  ['echo $HOSTNAME$GREETING; hostname', 'hello\nweb-0\n'],
  ['set -e; false; echo unreachable', '', 1],
  ['set -- a b c; shift; echo "$1 $#"', 'b 2\n'],
  ['export A=1; sh -c \'echo "A=$A"\'', 'A=1\n'],
  ['sh -c "exit 9"; echo $?', '9\n'],
  ['eval "echo evaluated"', 'evaluated\n'],
  ['trap "echo bye" EXIT; echo work', 'work\nbye\n'],
  ['date -u +%Y-%m-%d', '2026-01-01\n'],
  ['date', 'Thu Jan  1 00:00:00 UTC 2026\n'],
  ['(echo a; echo b) | sort -r', 'b\na\n'],
  ['{ echo a; echo b; } > /tmp/g; wc -l < /tmp/g', '2\n'],
  ['echo x | sed s/x/y/ | tr a-z A-Z', 'Y\n'],
  ['A=1 env | grep ^A=', 'A=1\n'],
  ['sleep 0; echo done & wait; echo end', 'done\nend\n'],
  ['echo "*"; echo /data/*', '*\n/data/a.txt\n'],
  ['uname -s; whoami; nproc', 'Linux\nroot\n4\n'],
  ['head -c 3 /dev/zero | wc -c', '3\n'],
  ['echo "a b" | { read x y; echo $y; }', 'b\n'],
  ['exit', '', 0],
];

for (const [script, out, code = 0] of scripts)
  test(`[SL40] runs ${JSON.stringify(script)}`, async () => {
    const result = await run(script, { stdin: 'one two three\n' });
    assert.equal(result.out, out, result.err);
    assert.equal(result.code, code);
  });

test('[SL41] output flows while the script still runs', async () => {
  const clock = new ManualClock();
  const machine = machineOf(clock);
  const stdout = new BytePipe();
  const scope = rootScope(machine, { signal: machine.signal, pid: 1 });
  const ended = runShell(scope, 'echo first; sleep 5; echo second; exit 3', {
    stdin: sourceOf(Buffer.alloc(0)),
    stdout,
    stderr: stdout,
  });
  assert.equal(Buffer.from((await stdout.read())!).toString(), 'first\n');
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(5000);
  assert.equal(Buffer.from((await stdout.read())!).toString(), 'second\n');
  assert.equal(await ended, 3);
});

test('[SL42] an endless producer waits for its reader and ends with it', async () => {
  const machine = machineOf();
  const stdout = new BytePipe();
  const scope = rootScope(machine, { signal: machine.signal, pid: 1 });
  const ended = runShell(scope, 'yes', { stdin: sourceOf(Buffer.alloc(0)), stdout, stderr: stdout });
  await stdout.read();
  stdout.close();
  assert.equal(await ended, 141);
});

test('[SL43] a missing command is told as busybox tells it', async () => {
  const { err, code } = await run('nope');
  assert.equal(err, 'sh: nope: not found\n');
  assert.equal(code, 127);
});

test('[SL43] a syntax error is told, nothing runs', async () => {
  const { out, err, code } = await run('echo a; if true; then');
  assert.equal(out, '');
  assert.match(err, /syntax error/);
  assert.equal(code, 2);
});

test('[SL44] files stay in the container', async () => {
  const machine = machineOf();
  await run('echo kept > /tmp/note', { machine });
  assert.equal((await run('cat /tmp/note', { machine })).out, 'kept\n');
});

test('[SL45] ending the container ends its shells', async () => {
  const machine = machineOf();
  const ended = run('while true; do sleep 1; done', { machine });
  await new Promise((resolve) => setImmediate(resolve));
  machine.destroy();
  assert.equal((await ended).code, 130);
});

for (const [what, script, error] of [
  ['a full disk', 'yes > /tmp/f', /No space left on device/],
  ['endless recursion', 'f() { f; }; f', /nesting/],
  ['too many processes', 'for i in $(seq 300); do sleep 100 & done', /fork/],
  ['a directory', 'cat /data; ls /nope', /Is a directory|No such file/],
] as const)
  test(`[SL46] ${what} ends in an error, not in a crash`, async () => {
    const machine = machineOf();
    const { err } = await run(`{ ${script}; } 2>&1 | head -c 2000 >&2`, { machine });
    assert.match(err, error);
    machine.destroy();
  });

test('[SL47] a loop that never waits lets others have their turn', async () => {
  const machine = machineOf();
  const ended = run('while :; do :; done', { machine });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  machine.destroy();
  assert.equal((await ended).code, 130);
});
