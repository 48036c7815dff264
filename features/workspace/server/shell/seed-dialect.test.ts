import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, nat, property, string } from 'fast-check';
import { seedDialect } from './seed-dialect.ts';

const piece = (bytes: Uint8Array, offset = 0): { offset: number; stream: 'stdout'; bytes: Buffer } => ({
  offset,
  stream: 'stdout',
  bytes: Buffer.from(bytes),
});

test('[SH5] characters come whole, wherever output is cut', () => {
  check(
    property(string({ unit: 'grapheme' }), array(nat({ max: 7 })), (text, cuts) => {
      const seed = seedDialect();
      const bytes = Buffer.from(text);
      let [at, told] = [0, ''];
      for (const cut of [...cuts, bytes.length]) {
        told += (seed.output(piece(bytes.subarray(at, at + cut), at)) as string | undefined) ?? '';
        at += cut;
      }
      assert.equal(told, bytes.toString());
    }),
  );
});

test('[SH13] what was missed is a line of text', () => {
  const missed = seedDialect().frame({ type: 'gap', from: 10, to: 1034 });
  assert.equal(missed, '\r\n[1024 bytes of output are not kept any more]\r\n');
});

test('[SH5] only the exact frame resizes; all else is keys', () => {
  const seed = seedDialect();
  const read = (text: string): unknown => seed.read(Buffer.from(text), false);
  for (const exact of ['{"type":"resize","rows":3,"cols":4}', '{ "cols":4, "type":"resize","rows":3 }']) {
    assert.deepEqual(read(exact), { is: 'frame', frame: { type: 'resize', rows: 3, cols: 4 } });
  }
  for (const keys of [
    '{"type":"resize","rows":3}',
    '{"type":"resize","rows":3,"cols":4,"x":1}',
    '{"type":"resize","rows":0,"cols":4}',
    '{"type":"resize","rows":"3","cols":4}',
    ' {"type":"resize","rows":3,"cols":4}',
    '{"type":"end"}',
    '{',
    'ls\r',
    '',
  ]) {
    assert.deepEqual(read(keys), { is: 'input', bytes: Buffer.from(keys) });
  }
});
