import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as holds, constantFrom, integer, property, tuple } from 'fast-check';
import { createEncodedObjects } from '@krateyard/kube/cache/encoded';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { EncodedBlocks } from './encoded-blocks.ts';

const object = (name: string): KubeObject => ({
  metadata: { name, uid: `0000-${Number(name).toString(16).padStart(4, '0')}` },
});

const text = (blocks: readonly Buffer[]): string => `[${blocks.map(String).join(',')}]`;

test('[WR1] blocks joined by commas are the list, whatever came, went or changed, with room for little or much', () => {
  const step = tuple(constantFrom('add', 'drop', 'change'), integer({ min: 0, max: 999 }));
  holds(
    property(array(step, { maxLength: 40 }), constantFrom(200, 20_000, 1e6), (steps, maxBytes) => {
      const blocks = new EncodedBlocks(createEncodedObjects(1e6), maxBytes);
      const objects = Array.from({ length: 300 }, (_, index) => object(String(index)));
      for (const [what, at] of steps) {
        const place = at % Math.max(1, objects.length);
        if (what === 'add') objects.splice(place, 0, object(String(1000 + at)));
        else if (what === 'drop') objects.splice(place, 1);
        else objects[place] = { ...object(String(at)), changed: true };
        assert.equal(text(blocks.encode(objects)), JSON.stringify(objects));
      }
    }),
    { numRuns: 100 },
  );
});

test('[WR1] a change makes one block anew', () => {
  const blocks = new EncodedBlocks(createEncodedObjects(1e6), 1e6);
  const objects = Array.from({ length: 2000 }, (_, index) => object(String(index)));
  const before = blocks.encode(objects);
  assert.ok(before.length > 8);
  objects[1000] = object('1000');
  objects.splice(1500, 1);
  const after = blocks.encode(objects);
  assert.equal(after.filter((block) => !before.includes(block)).length, 2);
});
