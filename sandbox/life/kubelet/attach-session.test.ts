import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecSession } from '../pod-runtime.ts';
import { RESOURCES } from '../resources.ts';
import { openTestCluster, type TestCluster } from '../test-cluster.ts';

const NS = 'default';

async function attachTo(
  cluster: TestCluster,
  pod: string,
  container: object,
): Promise<() => Promise<ExecSession>> {
  await cluster.client.create(RESOURCES.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, namespace: NS },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1', ...container }] },
  });
  await cluster.advance(10);
  const options = { container: 'c', stdin: true, stdout: true, stderr: true };
  return () => cluster.life.podRuntime.attach(NS, pod, options);
}

function withCluster(name: string, run: (cluster: TestCluster) => Promise<void>): void {
  test(name, async () => {
    const cluster = await openTestCluster();
    try {
      await run(cluster);
    } finally {
      await cluster.stop();
    }
    assert.equal(cluster.clock.pending, 0);
  });
}

/** Reads what comes until it holds the text. */
function until(stream: NodeJS.ReadableStream, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const take = (chunk: Buffer): void => {
      seen += chunk.toString();
      if (!seen.includes(text)) return;
      stream.off('data', take);
      resolve(seen);
    };
    stream.on('data', take);
    stream.once('end', () => reject(new Error(`ended after ${JSON.stringify(seen)}`)));
  });
}

withCluster(
  '[SL78] what is typed reaches the program, and its end where stdinOnce says so',
  async (cluster) => {
    const attach = await attachTo(cluster, 'once', { command: ['cat'], stdin: true, stdinOnce: true });
    const session = await attach();
    session.stdin.write('through\n');
    assert.equal(await until(session.stdout, '\n'), 'through\n');
    session.stdin.end();
    assert.deepEqual(await session.exited, { exitCode: 0 });
    await cluster.advance(1);
    const pod = await cluster.client.get(RESOURCES.pods, 'once', NS);
    assert.equal((pod['status'] as { phase: string }).phase, 'Succeeded');
  },
);

withCluster('[SL78] without stdinOnce the program reads on from the next who attaches', async (cluster) => {
  const attach = await attachTo(cluster, 'again', { command: ['cat'], stdin: true });
  const first = await attach();
  first.stdin.write('one\n');
  await until(first.stdout, 'one\n');
  first.stdin.end();
  await first.exited;
  const second = await attach();
  second.stdin.write('two\n');
  assert.equal(await until(second.stdout, '\n'), 'two\n');
  second.kill();
  await second.exited;
});

withCluster('[SL79] a shell on a terminal outlives who leaves it', async (cluster) => {
  const attach = await attachTo(cluster, 'typed', { args: ['sh'], stdin: true, tty: true });
  const first = await attach();
  first.resize(91, 33);
  first.stdin.write('stty size; X=kept\r');
  assert.match(await until(first.stdout, '91\r\n/ # '), /\r\n33 91\r\n/);
  first.kill();
  await first.exited;
  const second = await attach();
  second.stdin.write('echo $X\r');
  await until(second.stdout, '\r\nkept\r\n');
  second.stdin.write('exit\r');
  assert.deepEqual(await second.exited, { exitCode: 0 });
});

withCluster('[SL79] a program that only writes a log is attached to without input', async (cluster) => {
  const attach = await attachTo(cluster, 'web', { image: 'nginx:1' });
  const session = await attach();
  session.stdin.write('nobody reads this\n');
  session.stdout.resume();
  session.kill();
  assert.deepEqual(await session.exited, { exitCode: 0 });
});
