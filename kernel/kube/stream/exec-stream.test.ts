import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { test, type TestContext } from 'node:test';
import { isStatusError } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import type { WebSocket } from 'ws';
import { socketServer } from '../test-servers/socket-server.ts';
import { until } from '../test-servers/until.ts';
import { isCommandNotFound, readExecStatus, type ExecEnd } from './exec-status.ts';
import type { ExecStream } from './exec-stream.ts';
import { openAttach, openExec } from './open-exec.ts';

const TARGET = {
  namespace: 'n',
  pod: 'p',
  container: 'c',
  command: ['sh', '-c', 'a b'],
  tty: true,
  stdin: true,
};
const PLAIN = { ...TARGET, tty: false };

interface Asked {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly ws: WebSocket;
}

/** A server that accepts every upgrade with the best protocol of `speaks`, and who asked first. */
async function setup(
  t: TestContext,
  {
    speaks = ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    clock = systemClock,
    tls,
  }: { speaks?: readonly string[]; clock?: Clock; tls?: boolean } = {},
) {
  const asked = Promise.withResolvers<Asked>();
  const onSocket = (ws: WebSocket, { url = '/', headers }: IncomingMessage): void =>
    asked.resolve({ url: new URL(url, 'http://x'), headers, ws });
  const client = await socketServer(t, onSocket, { speaks, tls });
  return { client, needs: { clock, signal: new AbortController().signal }, asked: asked.promise };
}

function collect(stream: ExecStream): {
  readonly text: { stdout: string; stderr: string };
  readonly end: Promise<ExecEnd>;
  writable: number;
} {
  const ended = Promise.withResolvers<ExecEnd>();
  const seen = { text: { stdout: '', stderr: '' }, end: ended.promise, writable: 0 };
  stream.start({
    onOutput: (bytes, channel) => (seen.text[channel] += bytes.toString()),
    onWritable: () => (seen.writable += 1),
    onEnd: ended.resolve,
  });
  return seen;
}

/** Byte n of all output. */
const byteAt = (offset: number): number => (offset * 31 + (offset >> 8)) & 255;

const on = (channel: number, text: string): Buffer => Buffer.concat([Buffer.of(channel), Buffer.from(text)]);

test('[KS1] an exec is asked for as the API server wants it, as whom the client acts', async (t) => {
  const { client, needs, asked } = await setup(t);
  const stream = await openExec(client.as({ username: 'ada', groups: ['dev', 'ops'] }), TARGET, needs);
  const { url, headers } = await asked;
  assert.equal(url.pathname, '/api/v1/namespaces/n/pods/p/exec');
  assert.deepEqual(
    [...url.searchParams],
    [
      ['command', 'sh'],
      ['command', '-c'],
      ['command', 'a b'],
      ['container', 'c'],
      ['stdin', 'true'],
      ['stdout', 'true'],
      ['tty', 'true'],
    ],
  );
  assert.deepEqual(
    [headers['authorization'], headers['impersonate-user'], headers['impersonate-group'], headers['accept']],
    ['Bearer s3cret', 'ada', 'dev, ops', '*/*'],
  );
  assert.equal(stream.protocol, 'v4.channel.k8s.io');
  stream.abort();
});

test('[KS1] attach asks for both streams without a terminal', async (t) => {
  const { client, needs, asked } = await setup(t);
  const stream = await openAttach(client, { namespace: 'n', pod: 'p', tty: false, stdin: false }, needs);
  const { url } = await asked;
  assert.equal(`${url.pathname}${url.search}`, '/api/v1/namespaces/n/pods/p/attach?stdout=true&stderr=true');
  stream.abort();
});

test('[KS2] channels are told apart, both ways, and output waits for who reads it', async (t) => {
  const { client, needs, asked } = await setup(t);
  const stream = await openExec(client, PLAIN, needs);
  assert.equal(stream.protocol, 'v5.channel.k8s.io');
  const { ws } = await asked;
  const got: Buffer[] = [];
  ws.on('message', (message) => got.push(message as Buffer));
  for (const message of [on(1, ''), on(1, 'one '), on(2, 'err'), on(1, 'two')]) ws.send(message);
  stream.resize(33, 91);
  assert.equal(stream.write(Buffer.from('keys')), true);
  assert.equal(stream.endInput(), true);
  const seen = collect(stream);
  await until(() => got.length === 3 && seen.text.stdout === 'one two');
  assert.equal(seen.text.stderr, 'err');
  assert.deepEqual(
    got.map((message) => [message[0], message.subarray(1).toString('latin1')]),
    [
      [4, '{"Width":91,"Height":33}'],
      [0, 'keys'],
      [255, '\0'],
    ],
  );
  ws.send(on(3, '{"status":"Success"}'));
  ws.close(1000);
  assert.deepEqual(await seen.end, { is: 'exited', code: 0 });
});

test('[KS3] an API server that has v4 only is spoken to in v4, which cannot end the input', async (t) => {
  const { client, needs } = await setup(t, { speaks: ['v4.channel.k8s.io'] });
  const stream = await openExec(client, PLAIN, needs);
  assert.equal(stream.protocol, 'v4.channel.k8s.io');
  assert.equal(stream.endInput(), false);
  stream.abort();
});

test('[KS3] a terminal is spoken to in v4, and its input ends by the key for it', async (t) => {
  const { client, needs, asked } = await setup(t);
  const stream = await openExec(client, TARGET, needs);
  const { ws, headers } = await asked;
  assert.equal(headers['sec-websocket-protocol'], 'v4.channel.k8s.io');
  const typed = once(ws, 'message');
  assert.equal(stream.endInput(), true);
  assert.deepEqual([...((await typed)[0] as Buffer)], [0, 4]);
  stream.abort();
});

for (const tls of [false, true]) {
  const over = tls ? 'TLS' : 'TCP';
  test(`[KS4] over ${over}: while it is paused nothing is read, and nothing is lost`, async (t) => {
    const { client, needs, asked } = await setup(t, { tls });
    const stream = await openExec(client, TARGET, needs);
    const { ws } = await asked;
    let heard = 0;
    let pauses = 0;
    const ended = Promise.withResolvers<ExecEnd>();
    stream.start({
      onOutput: (chunk) => {
        assert.ok(chunk.every((byte, index) => byte === byteAt(heard + index)));
        heard += chunk.length;
        stream.pause();
        pauses += 1;
        setImmediate(() => stream.resume());
      },
      onWritable: () => {},
      onEnd: ended.resolve,
    });
    const all = Buffer.from(Uint8Array.from({ length: 300 * 32_768 }, (_, index) => byteAt(index)));
    for (let at = 0; at < all.length; at += 32_768)
      ws.send(Buffer.concat([Buffer.of(1), all.subarray(at, at + 32_768)]));
    ws.send(on(3, '{"status":"Success"}'));
    ws.close(1000);
    assert.deepEqual(await ended.promise, { is: 'exited', code: 0 });
    assert.equal(heard, all.length);
    assert.ok(pauses > 10);
  });
}

test('[KS4] a paused stream holds the server back', async (t) => {
  const { client, needs, asked } = await setup(t);
  const stream = await openExec(client, TARGET, needs);
  const { ws } = await asked;
  const seen = collect(stream);
  stream.pause();
  for (let count = 0; count < 2_000; count += 1) ws.send(on(1, 'x'.repeat(32_768)));
  await until(() => ws.bufferedAmount > 16 << 20);
  assert.ok(seen.text.stdout.length < 1 << 20);
  stream.abort();
});

test('[KS5] the end is the process’s code, a failure, or a connection that was lost', async (t) => {
  const nonZero = {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '7' }] },
  };
  assert.deepEqual(readExecStatus(Buffer.from(JSON.stringify(nonZero))), { is: 'exited', code: 7 });
  const failed = readExecStatus(
    Buffer.from(
      '{"status":"Failure","reason":"InternalError","code":500,"message":"exec: \\"x\\": executable file not found in $PATH"}',
    ),
  );
  assert.ok(failed.is === 'failed' && failed.error.code === 500);
  assert.ok(isCommandNotFound(failed));
  const words = readExecStatus(Buffer.from('something else'));
  assert.ok(words.is === 'failed' && words.error.message === 'something else' && !isCommandNotFound(words));
  const { client, needs, asked } = await setup(t);
  const seen = collect(await openExec(client, TARGET, needs));
  (await asked).ws.terminate();
  const end = await seen.end;
  assert.ok(
    end.is === 'lost' &&
      isStatusError(end.error) &&
      /connection to the process was lost/.test(end.error.message),
  );
});

test('[KS6] an idle stream is pinged; a server that does not answer is given up', async (t) => {
  const clock = new ManualClock();
  const { client, needs, asked } = await setup(t, { clock });
  const stream = await openExec(client, TARGET, needs);
  const { ws } = await asked;
  const seen = collect(stream);
  const pinged = once(ws, 'ping');
  await clock.advance(25_000);
  await pinged;
  ws.pause();
  await clock.advance(25_000);
  await clock.advance(25_000);
  await clock.advance(25_000);
  const end = await seen.end;
  assert.ok(end.is === 'lost' && /did not answer pings/.test(end.error.message));
});

test('[KS7] a client that closes takes its streams along; an abort hangs up and leaves no timer', async (t) => {
  const clock = new ManualClock();
  const { client, needs, asked } = await setup(t, { clock });
  const stream = await openExec(client, TARGET, needs);
  const seen = collect(stream);
  const { ws } = await asked;
  const closed = once(ws, 'close');
  stream.abort();
  await closed;
  assert.equal((await seen.end).is, 'lost');
  const other = await openExec(client, TARGET, needs);
  other.abort();
  const last = collect(await openExec(client, TARGET, needs));
  await client.close();
  assert.equal((await last.end).is, 'lost');
  assert.equal(clock.pending, 0);
});
