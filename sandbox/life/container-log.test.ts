import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RingLog } from './container-log.ts';
import { readLog } from './kubelet/log-reader.ts';

async function textOf(
  log: RingLog,
  options: { timestamps?: boolean; follow?: boolean; sinceTime?: string } = {},
): Promise<string> {
  let text = '';
  const reading = readLog(
    log,
    { follow: false, timestamps: false, ...options },
    0,
    new AbortController().signal,
  );
  for await (const bytes of reading) text += String(bytes);
  return text;
}

test('[SL51] who begins after a rotation sees the new file, who reads already misses nothing', async () => {
  const log = new RingLog(() => 0, 20);
  log.write('one 45678\n');
  const following = textOf(log, { follow: true });
  log.write('two 45678\nthree 678\n');
  assert.equal(await textOf(log), '');
  log.write('four\n');
  assert.equal(await textOf(log), 'four\n');
  log.close();
  assert.equal(await following, 'one 45678\ntwo 45678\nthree 678\nfour\n');
});

test('[SL51] since counts in whole seconds', async () => {
  let now = 1_000_900;
  const log = new RingLog(() => now);
  log.write('one\n');
  now = 1_002_000;
  log.write('two\n');
  assert.equal(await textOf(log, { sinceTime: new Date(1_000_950).toISOString() }), 'one\ntwo\n');
  assert.equal(await textOf(log, { sinceTime: new Date(1_001_950).toISOString() }), 'two\n');
});

test('[SL51] a line longer than a record has one time', async () => {
  const log = new RingLog(() => 0);
  log.write('a'.repeat(40_000));
  log.write('b\n');
  const text = await textOf(log, { timestamps: true });
  assert.equal(text, `1970-01-01T00:00:00.000000000Z ${'a'.repeat(40_000)}b\n`);
});
