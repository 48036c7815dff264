import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../client/create-client.ts';
import { ScriptedApiServer } from '../test-servers/scripted-api-server.ts';
import { openLog } from './log-stream.ts';
import { msToTime } from './log-time.ts';

const PLACE = { namespace: 'n', pod: 'p', container: 'c' };

test('[KL8] lines that a socket still writes stay as they were while others are read', async (t) => {
  const server = await ScriptedApiServer.start();
  const client = createClient({ config: server.config() });
  t.after(async () => {
    await client.close();
    await server.stop();
  });
  const sent = Array.from({ length: 40_000 }, (_, index) => `${msToTime(index)} line ${index}\n`).join('');
  server.answer(({ response }) => void response.end(sent));
  const owed: Buffer[] = [];
  const { signal } = new AbortController();
  for await (const { plain } of await openLog(client, PLACE, { follow: false, signal }))
    owed.push(...(plain ?? []));
  assert.ok(owed.length > 10);
  assert.ok(Buffer.concat(owed).equals(Buffer.from(sent)));
});
