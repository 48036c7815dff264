import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anything, assert as holds, json, oneof, property, string } from 'fast-check';
import { readFrame } from './client-frames.ts';

test('[WP11] whatever text comes is read or refused with BadRequest, never thrown at', () => {
  holds(
    property(
      oneof(
        string({ unit: 'binary' }),
        json(),
        anything().map((value) => JSON.stringify([value])),
      ),
      (text) => {
        const read = readFrame(text);
        if ('problem' in read) assert.equal(read.problem.reason, 'BadRequest');
      },
    ),
    { numRuns: 100_000 },
  );
});

test('[WP11] a refusal names whose frame it was and quotes nothing of it', () => {
  const read = readFrame('{"type":"auth","id":"x","token":{"hunter2":1}}');
  assert.ok('problem' in read);
  assert.equal(read.id, 'x');
  assert.equal(read.problem.message.includes('hunter2'), false);
});
