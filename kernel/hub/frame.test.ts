import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFrame, joinFrames } from './frame.ts';
import { startHost } from './internal/test-host.ts';
import { Hub } from './hub.ts';

test('[HB1] frames of every length class arrive as they were', async () => {
  const hub = new Hub<string>();
  await using host = await startHost(hub);
  const { session, client } = await host.connect();
  const sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000];
  for (const size of sizes) session.send('x'.repeat(size));
  const got = await client.count(sizes.length);
  assert.deepEqual(
    got.map((text) => text.length),
    sizes,
  );
});

test('[HB1] a frame is one buffer, header first', () => {
  const { bytes, payload } = encodeFrame(Buffer.from('hi'));
  assert.deepEqual([...bytes], [0x81, 2, 0x68, 0x69]);
  assert.equal(payload.toString(), 'hi');
  assert.equal(payload.buffer, bytes.buffer);
});

test('[HB1] joined, messages stand as the same frames in few buffers', () => {
  const messages = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000, 3].map(
    (size) => 'ä'.repeat(size / 2) + 'x',
  );
  const alone = messages.map((message) => encodeFrame(Buffer.from(message)).bytes);
  const joined = joinFrames(messages);
  assert.ok(Buffer.concat(joined).equals(Buffer.concat(alone)));
  assert.ok(joined.length < messages.length);
});
