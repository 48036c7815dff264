import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as holds, json, oneof, property, string } from 'fast-check';
import { Type } from 'typebox';
import { FrameSchemas } from './frame-schemas.ts';
import { isStatusError } from './status-error.ts';

type Frame = { readonly type: 'ping' } | { readonly type: 'auth'; readonly token: string };

const frames = new FrameSchemas<Frame>({
  ping: Type.Object({ type: Type.Literal('ping') }),
  auth: Type.Object({ type: Type.Literal('auth'), token: Type.String({ minLength: 1 }) }),
});

const refusalOf = (text: string): string => {
  try {
    frames.read(text);
  } catch (error) {
    assert.ok(isStatusError(error) && error.reason === 'BadRequest', String(error));
    return error.message;
  }
  return assert.fail(`${text} was read`);
};

test('[SE7] a frame is read by the schema of its type', () => {
  assert.deepEqual(frames.read('{"type":"auth","token":"x"}'), { type: 'auth', token: 'x' });
  assert.equal(refusalOf('{'), 'the frame is not JSON');
  assert.equal(refusalOf('[]'), 'the frame is no object');
  assert.equal(refusalOf('null'), 'the frame is no object');
  assert.equal(refusalOf('{"type":"constructor"}'), "the frame's type is none of ping, auth");
  assert.equal(refusalOf('{"token":"hunter2"}'), "the frame's type is none of ping, auth");
  const refusal = refusalOf('{"type":"auth","token":["hunter2"]}');
  assert.match(refusal, /the frame is not valid: \/token/);
  assert.doesNotMatch(refusal, /hunter2/);
});

test('[SE7] whatever text comes, it is read or refused with BadRequest', () => {
  holds(
    property(oneof(string({ unit: 'binary' }), json()), (text) => {
      try {
        frames.read(text);
      } catch (error) {
        assert.ok(isStatusError(error) && error.reason === 'BadRequest', String(error));
      }
    }),
  );
});
