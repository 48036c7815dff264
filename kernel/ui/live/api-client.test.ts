import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { requestJson, statusOf } from './api-client.ts';

async function answering(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('[UI35] an answer that breaks off after its head is none', async (t) => {
  const url = await answering(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"items":[', () => response.destroy());
  });
  const status = await requestJson(url).then(() => assert.fail(), statusOf);
  assert.deepEqual([status.reason, status.message], ['ServiceUnavailable', 'The gateway cannot be reached.']);
});

test('[UI35] an answer without a body, and a refusal that is no Status, are what their head says', async (t) => {
  const empty = await answering(t, (_request, response) => response.writeHead(204).end());
  assert.equal(await requestJson(empty), undefined);
  const other = await answering(t, (_request, response) => response.writeHead(502).end('<html>Bad gateway'));
  const status = await requestJson(other).then(() => assert.fail(), statusOf);
  assert.equal(status.message, 'The gateway answered 502.');
});

test('[UI35] who gives up gets their own reason, also when the head had come', async (t) => {
  const over = new AbortController();
  const url = await answering(t, (_request, response) => {
    response.writeHead(200).flushHeaders();
    setImmediate(() => over.abort(new Error('left')));
  });
  await assert.rejects(requestJson(url, { signal: over.signal }), /^Error: left$/);
});
