import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { isStatusError, type StatusError } from '@krateyard/status/status-error';
import { ScriptedApiServer } from '../test-servers/scripted-api-server.ts';
import type { Client } from './client.ts';
import { createClient } from './create-client.ts';
import { LineCutter } from './watch-lines.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' };
const event = (type: string, name: string): string =>
  `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;

async function setup(t: TestContext): Promise<{ server: ScriptedApiServer; client: Client }> {
  const server = await ScriptedApiServer.start();
  const client = createClient({ config: server.config() });
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  return { server, client };
}

async function collect(client: Client): Promise<{ seen: string[]; error: StatusError | undefined }> {
  const seen: string[] = [];
  try {
    for await (const { type, object } of client.watch(PODS, { signal: new AbortController().signal }))
      seen.push(`${type} ${object.metadata.name}`);
  } catch (error) {
    assert.ok(isStatusError(error), String(error));
    return { seen, error };
  }
  return { seen, error: undefined };
}

test('[KC15] events come in order until the server ends the watch', async (t) => {
  const { server, client } = await setup(t);
  server.answer(({ response }) => {
    response.writeHead(200);
    response.write(event('ADDED', 'a') + event('MODIFIED', 'a').slice(0, 20));
    response.write(`${event('MODIFIED', 'a').slice(20)}\n${event('BOOKMARK', 'b')}`);
    response.end(event('DELETED', 'a'));
  });
  assert.deepEqual(await collect(client), {
    seen: ['ADDED a', 'MODIFIED a', 'BOOKMARK b', 'DELETED a'],
    error: undefined,
  });
});

const status = { kind: 'Status', reason: 'Expired', code: 410, message: 'too old' };
for (const [name, tail, reason, message] of [
  ['an ERROR event', `${JSON.stringify({ type: 'ERROR', object: status })}\n`, 'Expired', /^too old$/],
  ['what is no JSON', '{"type":\n', 'InternalError', /cannot be read/],
  ['binary', '\u0000\u0001\u0002\n', 'InternalError', /cannot be read/],
  ['what is no event', '{"kind":"Pod"}\n', 'InternalError', /cannot be read/],
  ['an object without metadata', '{"type":"ADDED","object":{}}\n', 'InternalError', /without metadata/],
  ['an event cut off', '{"type":"ADD', 'ServiceUnavailable', /in the middle of an event/],
] as const) {
  test(`[KC15] ${name} ends the watch with ${reason}, after what came before`, async (t) => {
    const { server, client } = await setup(t);
    server.answer(({ response }) => response.writeHead(200).end(event('ADDED', 'a') + tail));
    const { seen, error } = await collect(client);
    assert.deepEqual(seen, ['ADDED a']);
    assert.equal(error?.reason, reason);
    assert.match(error.message, message);
  });
}

test('[KC15] a broken connection and a refusal end the watch', async (t) => {
  const { server, client } = await setup(t);
  server.answer((call) => {
    call.response.writeHead(200);
    call.response.write(event('ADDED', 'a'), () => call.reset());
  });
  const broken = await collect(client);
  assert.deepEqual([broken.seen, broken.error?.reason], [['ADDED a'], 'ServiceUnavailable']);
  server.answer((call) => call.status(403, 'Forbidden', 'no'));
  assert.equal((await collect(client)).error?.message, 'no');
});

test('[KC15] lines come out whole however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary' }).filter((line) => !line.includes('\n'))),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const cutter = new LineCutter(1000);
        const seen: string[] = [];
        for (let at = 0, size = cuts.next().value; at < bytes.length; at += size, size = cuts.next().value) {
          seen.push(...cutter.push(bytes.subarray(at, at + size)).map(String));
        }
        assert.deepEqual(
          seen,
          lines.filter((line) => line !== '').map((line) => Buffer.from(line).toString()),
        );
        assert.equal(cutter.pendingBytes, 0);
      },
    ),
  );
  assert.throws(() => new LineCutter(10).push(Buffer.alloc(11, 'x')), /more than 10 bytes/);
});

test('[KC17] a slow consumer holds the server back', async (t) => {
  const { server, client } = await setup(t);
  const line = event('ADDED', 'x'.repeat(64 << 10));
  const total = 4000;
  let written = 0;
  server.answer(({ response }) => {
    response.writeHead(200);
    void (async () => {
      for (; written < total && !response.destroyed; written += 1) {
        const gone = new AbortController();
        const options = { signal: gone.signal };
        if (!response.write(line))
          await Promise.race([once(response, 'drain', options), once(response, 'close', options)]);
        gone.abort();
      }
    })();
  });
  const stop = new AbortController();
  const watch = client.watch(PODS, { signal: stop.signal })[Symbol.asyncIterator]();
  await watch.next();
  let before = -1;
  // Until nothing moves any more: all buffers on the way are full.
  for (let still = 0; still < 2000; still = before === written ? still + 1 : 0, before = written) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  assert.ok(written < total / 4, `${written} of ${total} events were taken from a server nobody listens to`);
  stop.abort(new Error('enough'));
  await assert.rejects(async () => {
    while (!(await watch.next()).done);
  }, /enough/);
});
