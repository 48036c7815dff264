import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, uint8Array } from 'fast-check';
import { typedDialect } from './typed-dialect.ts';

test('[KT3] output carries its kind and its offset, also beyond 32 bits', () => {
  const offset = 2 ** 40 + 5;
  const typed = typedDialect();
  const frame = Buffer.concat(
    typed.output({ offset, stream: 'stderr', bytes: Buffer.from('x') }) as Buffer[],
  );
  assert.deepEqual(
    [frame[0], Number(frame.readBigUInt64BE(1)), frame.subarray(9).toString()],
    [2, offset, 'x'],
  );
});

test('[KT3] whatever comes is read or refused', () => {
  const typed = typedDialect();
  check(
    property(uint8Array({ maxLength: 100 }), (bytes) => {
      for (const binary of [true, false]) {
        try {
          typed.read(Buffer.from(bytes), binary);
        } catch (error) {
          assert.equal((error as Error).name, 'StatusError');
        }
      }
    }),
  );
});
