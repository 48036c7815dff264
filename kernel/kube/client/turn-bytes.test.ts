import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { systemClock } from '@krateyard/telemetry/clock';
import { turn } from '../test-servers/until.ts';
import { TurnBytes } from './turn-bytes.ts';

const RECORD = 16 * 1024;
const joined = async (turns: TurnBytes): Promise<Buffer> => Buffer.concat((await turns.next()) ?? []);

test('[KC24] what comes in one turn is given together, and a line alone at its end', async () => {
  const body = new Readable({ read: () => {} });
  const turns = new TurnBytes(body, systemClock);
  for (const text of ['a', 'b', 'c']) body.push(text);
  assert.equal(String(await joined(turns)), 'abc');
  body.push('d');
  assert.equal(String(await joined(turns)), 'd');
  body.push('e');
  body.push(null);
  assert.equal(String(await joined(turns)), 'e');
  assert.equal(await turns.next(), undefined);
  turns.close();
});

test('[KC24] of a stream that is not read no more than 64 KiB and a chunk are taken; nothing of it is lost', async () => {
  let given = 0;
  const body = new Readable({
    highWaterMark: RECORD,
    read: () => body.push(Buffer.alloc(RECORD, (given += 1))),
  });
  const turns = new TurnBytes(body, systemClock);
  for (let count = 0; count < 50; count += 1) await turn();
  // Four make 64 KiB; the stream itself holds as many as its mark says, and one.
  assert.ok(given <= 6, String(given));
  const seen: number[] = [];
  while (seen.length < 40) {
    const bytes = await joined(turns);
    for (let at = 0; at < bytes.length; at += RECORD) seen.push(bytes[at]!);
  }
  assert.deepEqual(
    seen,
    seen.map((_, index) => index + 1),
  );
  turns.close();
});

test('[KC24] an error comes behind what came before it', async () => {
  const body = new Readable({ read: () => {} });
  const turns = new TurnBytes(body, systemClock);
  body.push('a');
  assert.equal(String(await joined(turns)), 'a');
  body.destroy(new Error('cut'));
  await assert.rejects(turns.next(), /cut/);
  turns.close();
});
