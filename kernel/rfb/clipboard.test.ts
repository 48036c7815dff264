import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import { connected } from './testing/connected.ts';
import { showing } from './testing/showing.ts';
import { u32 } from './testing/test-server.ts';

const EXTENDED = 0xc0a1_e5ce | 0;
const TEXT = 1;
const [CAPS, REQUEST, PEEK, NOTIFY, PROVIDE] = [24, 25, 26, 27, 28].map((bit) => 2 ** bit) as [
  number,
  number,
  number,
  number,
  number,
];

const message = (type: number, flags: number, content: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([Buffer.from([type, 0, 0, 0]), u32(-(4 + content.length)), u32(flags), content]);
const plain = (type: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([type, 0, 0, 0]), u32(text.length), Buffer.from(text, 'latin1')]);

/** What a `provide` holds, and back. */
function packed(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`);
  return deflateSync(Buffer.concat([u32(bytes.length), bytes]));
}
function unpacked(content: Buffer): string {
  const bytes = inflateSync(content);
  assert.equal(bytes.readUInt32BE(), bytes.length - 4);
  return bytes.subarray(4).toString();
}

const LONG = 'x'.repeat(1024 * 1024 + 1);

test('[RF7] a viewer with the extended clipboard is told of a text and gets it when it asks', async (t) => {
  const { screen, viewer, inputs, input } = await showing(t, 10, 10);
  viewer.setEncodings(0, EXTENDED);
  await viewer.message();
  assert.deepEqual(viewer.clips, [
    { flags: CAPS + REQUEST + PEEK + NOTIFY + PROVIDE + TEXT, content: u32(1024 * 1024) },
  ]);
  viewer.write(message(6, CAPS + REQUEST + NOTIFY + PROVIDE + TEXT, u32(0)));
  // A peek is answered with what there is: nothing.
  viewer.write(message(6, PEEK));
  await viewer.message();
  assert.deepEqual(viewer.clips.at(-1)!.flags, NOTIFY);
  screen.clipboard(LONG);
  screen.clipboard('zwei\nZeilen ✓ 日本');
  await viewer.message();
  assert.deepEqual(viewer.clips.at(-1), { flags: NOTIFY + TEXT, content: Buffer.alloc(0) });
  viewer.write(message(6, REQUEST + TEXT));
  await viewer.message();
  const provided = viewer.clips.at(-1)!;
  assert.equal(provided.flags, PROVIDE + TEXT);
  assert.equal(unpacked(provided.content), 'zwei\r\nZeilen ✓ 日本\0');

  viewer.write(message(6, NOTIFY + TEXT));
  await viewer.message();
  assert.equal(viewer.clips.at(-1)!.flags, REQUEST + TEXT);
  const told = input();
  viewer.write(message(6, PROVIDE + TEXT, packed('von\r\nhier ✓')));
  await told;
  assert.deepEqual(inputs, [{ type: 'clipboard', text: 'von\nhier ✓' }]);
});

test('[RF7] a viewer without it gets Latin-1 at once, and so does the machine', async (t) => {
  const { screen, viewer, inputs, input } = await showing(t, 10, 10);
  screen.clipboard('für 5 €');
  await viewer.message();
  assert.deepEqual(viewer.texts, ['für 5 ?']);
  const told = input();
  viewer.write(plain(6, 'zurück'));
  await told;
  assert.deepEqual(inputs, [{ type: 'clipboard', text: 'zurück' }]);
});

test('[RF7] a viewer that asks on and on and reads nothing is let go', async (t) => {
  const { screen, viewer, served } = await showing(t, 10, 10);
  viewer.setEncodings(0, EXTENDED);
  viewer.write(message(6, CAPS + REQUEST + NOTIFY + PROVIDE + TEXT, u32(0)));
  await viewer.message();
  viewer.reader.pause();
  let noise = 1;
  const text = Array.from({ length: 500_000 }, () =>
    String.fromCharCode(33 + ((noise = (noise * 48_271) % 2_147_483_647) % 90)),
  );
  screen.clipboard(text.join(''));
  for (let count = 0; count < 200; count += 1) viewer.write(message(6, REQUEST + TEXT));
  assert.equal((await served.ended)?.reason, 'Timeout');
  assert.ok(served.sentBytes < 40 * 1024 * 1024);
});

test('[RF7] texts between here and a server with the extended clipboard', async (t) => {
  const { server, screen, upstream } = await connected(t, { width: 10, height: 10 });
  const texts: string[] = [];
  let told = Promise.withResolvers<void>();
  screen.observe({
    onClipboard: (text) => {
      texts.push(text);
      told.resolve();
      told = Promise.withResolvers();
    },
  });
  assert.ok(server.encodings.includes(EXTENDED));
  server.send(message(3, CAPS + REQUEST + NOTIFY + PROVIDE + TEXT, u32(0)));
  const caps = await server.hearUntil(6);
  assert.equal(caps.readUInt32BE(7), CAPS + REQUEST + PEEK + NOTIFY + PROVIDE + TEXT);
  server.send(message(3, NOTIFY + TEXT));
  assert.equal((await server.hearUntil(6)).readUInt32BE(7), REQUEST + TEXT);
  server.send(message(3, PROVIDE + TEXT, packed('aus der Maschine ✓')));
  await told.promise;
  server.send(plain(3, 'schlicht'));
  await told.promise;
  assert.deepEqual(texts, ['aus der Maschine ✓', 'schlicht']);

  upstream.send({ type: 'clipboard', text: LONG });
  upstream.send({ type: 'clipboard', text: 'hinein\n✓' });
  assert.equal((await server.hearUntil(6)).readUInt32BE(7), NOTIFY + TEXT);
  server.send(message(3, REQUEST + TEXT));
  const provided = await server.hearUntil(6);
  assert.equal(provided.readUInt32BE(7), PROVIDE + TEXT);
  assert.equal(unpacked(provided.subarray(11)), 'hinein\r\n✓\0');
});

test('[RF7] a server without the extended clipboard gets Latin-1', async (t) => {
  const { server, upstream } = await connected(t, { width: 10, height: 10 });
  upstream.send({ type: 'clipboard', text: 'hinüber' });
  assert.deepEqual((await server.hearUntil(6)).subarray(3), plain(6, 'hinüber').subarray(4));
});
