import assert from 'node:assert/strict';
import type { Writable } from 'node:stream';
import { test } from 'node:test';
import * as ws from 'ws';
import { frameHeader } from './frame-header.ts';

/** Not declared by its types. */
const { Receiver } = ws as unknown as { Receiver: new (options: { isServer: boolean }) => Writable };

test('[KT3] frames of every length are read as they were meant', () => {
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 65_545, 300_000]) {
    const heard: number[] = [];
    const receiver = new Receiver({ isServer: false });
    receiver.on('message', (message: Buffer, binary: boolean) => heard.push(binary ? message.length : -1));
    receiver.write(Buffer.concat([frameHeader(length), Buffer.alloc(length)]));
    assert.deepEqual(heard, [length]);
  }
});
