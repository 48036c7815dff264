import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { isStatusError } from '@krateyard/status/status-error';
import { ScriptedApiServer } from '../test-servers/scripted-api-server.ts';
import { turn, until } from '../test-servers/until.ts';
import type { Client } from './client.ts';
import { createClient } from './create-client.ts';

async function setup(t: TestContext): Promise<{ server: ScriptedApiServer; client: Client }> {
  const server = await ScriptedApiServer.start();
  const client = createClient({ config: server.config() });
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  return { server, client };
}

const asked = (signal = new AbortController().signal) => ({
  path: '/log?x=1',
  resource: 'v1/pods/log',
  signal,
});

test('[KC24] bytes come as they are sent, until the server ends them', async (t) => {
  const { server, client } = await setup(t);
  server.answer(({ response, query }) => {
    assert.equal(query.get('x'), '1');
    response.write('one ');
    setImmediate(() => response.end('two'));
  });
  let text = '';
  for await (const chunks of await client.bytes(asked())) text += chunks.join('');
  assert.equal(text, 'one two');
});

test('[KC24] a refusal is the API server’s own, before any byte', async (t) => {
  const { server, client } = await setup(t);
  server.answer((call) => call.status(403, 'Forbidden', 'no'));
  await assert.rejects(client.bytes(asked()), (error) => isStatusError(error) && error.message === 'no');
});

test('[KC24] a broken connection fails the reading with a StatusError that names the server', async (t) => {
  const { server, client } = await setup(t);
  server.answer((call) => {
    call.response.write('one');
    setImmediate(() => call.reset());
  });
  const bytes = await client.bytes(asked());
  await assert.rejects(
    async () => {
      for await (const _ of bytes);
    },
    (error) =>
      isStatusError(error) && error.reason === 'ServiceUnavailable' && /127\.0\.0\.1/.test(error.message),
  );
});

test('[KC24] the signal ends it, and its socket', async (t) => {
  const { server, client } = await setup(t);
  server.answer(({ response }) => void response.write('one'));
  const stop = new AbortController();
  const bytes = (await client.bytes(asked(stop.signal)))[Symbol.asyncIterator]();
  await bytes.next();
  stop.abort(new Error('enough'));
  await assert.rejects(bytes.next(), /enough/);
  await until(() => server.openSockets === 0);
});

test('[KC24] who reads slowly holds the server back', async (t) => {
  const { server, client } = await setup(t);
  const piece = Buffer.alloc(64 * 1024);
  let sent = 0;
  const held = Promise.withResolvers<void>();
  server.answer(({ response }) => {
    void (async () => {
      while (!response.destroyed && sent < 1024) {
        sent += 1;
        if (response.write(piece)) continue;
        const drained = once(response, 'drain').then(() => true);
        const waited = (async () => {
          for (let turns = 0; turns < 200; turns += 1) await turn();
          return false;
        })();
        if (!(await Promise.race([drained, waited]))) held.resolve();
        await drained.catch(() => {});
      }
    })();
  });
  const stop = new AbortController();
  const bytes = (await client.bytes(asked(stop.signal)))[Symbol.asyncIterator]();
  await bytes.next();
  await held.promise;
  assert.ok(sent < 1024, 'most of 64 MB waits at the server');
  stop.abort();
});

test('[KC24] what was given stays as it came, whatever comes after it', async (t) => {
  const { server, client } = await setup(t);
  const sent = Buffer.concat(Array.from({ length: 64 }, (_, piece) => Buffer.alloc(50_000, piece)));
  server.answer(({ response }) => void response.end(sent));
  const kept: Buffer[] = [];
  for await (const chunks of await client.bytes(asked())) kept.push(...chunks);
  assert.ok(kept.length > 1);
  assert.ok(Buffer.concat(kept).equals(sent));
});

test('[KC24] streams of bytes leave requests and watches their sockets', async (t) => {
  const { server, client } = await setup(t);
  server.answer((call) =>
    call.path === '/log' ? void call.response.write('x') : call.json(200, { ok: true }),
  );
  const stop = new AbortController();
  await Promise.all(Array.from({ length: 40 }, () => client.bytes(asked(stop.signal))));
  assert.deepEqual(await client.request({ path: '/version' }), { ok: true });
  stop.abort();
});
