import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { REASONS, isReason, reasonForCode, type Reason } from './reasons.ts';
import {
  StatusError,
  fromStatusBody,
  isConflict,
  isExpired,
  isNotFound,
  isRetriable,
  isStatusError,
  reasonOf,
  toStatus,
} from './status-error.ts';
import { StatusSchema } from './status-schema.ts';

const reasons = Object.keys(REASONS) as Reason[];
const schema = Compile(StatusSchema);

for (const reason of reasons) {
  test(`[SE1] ${reason}: close code and retry agree`, () => {
    const { closeCode, retriable } = REASONS[reason];
    const reconnects = closeCode >= 4000 && closeCode <= 4499;
    assert.ok(reconnects || (closeCode >= 4500 && closeCode <= 4999));
    assert.equal(reconnects, retriable || reason === 'Gone' || reason === 'Expired');
    assert.equal(isRetriable(new StatusError(reason, 'x')), retriable);
  });
}

test('[SE1] the reason assumed for a code has that code, or one of its class', () => {
  for (let code = 400; code < 600; code += 1) {
    assert.equal(Math.floor(REASONS[reasonForCode(code)].code / 100), Math.floor(code / 100), String(code));
  }
});

test('[SE2] what is no StatusError tells nothing', () => {
  for (const thrown of [new Error('password=hunter2'), 'hunter2', undefined, { reason: 'hunter2' }, 7n]) {
    const status = toStatus(thrown, 'r1');
    assert.equal(status.code, 500);
    assert.equal(status.reason, 'InternalError');
    assert.doesNotMatch(JSON.stringify(status), /hunter2/);
    assert.ok(schema.Check(status));
  }
});

test('[SE3] the request id joins the details', () => {
  const error = new StatusError('NotFound', 'pods "a" not found', { details: { name: 'a', kind: 'pods' } });
  assert.deepEqual(toStatus(error, 'r1').details, { name: 'a', kind: 'pods', requestId: 'r1' });
  assert.deepEqual(toStatus(error).details, { name: 'a', kind: 'pods' });
  assert.equal(toStatus(new StatusError('NotFound', 'x')).details, undefined);
});

for (const reason of reasons) {
  test(`[SE4] ${reason} survives the wire`, () => {
    const sent = new StatusError(reason, 'why', { details: { retryAfterSeconds: 3 } });
    const status = JSON.parse(JSON.stringify(toStatus(sent))) as object;
    assert.ok(schema.Check(status));
    const read = fromStatusBody(sent.code, status);
    assert.deepEqual(
      [read.reason, read.message, read.code, read.details],
      [sent.reason, sent.message, sent.code, sent.details],
    );
  });
}

for (const body of [
  '<html>',
  null,
  7,
  [],
  {},
  { kind: 'Pod' },
  { kind: 'Status', reason: 'Nonsense', message: 7 },
]) {
  test(`[SE4] ${JSON.stringify(body)} for a Status gives the reason of the code`, () => {
    const read = fromStatusBody(409, body);
    assert.equal(read.reason, 'Conflict');
    assert.equal(read.code, 409);
    assert.match(read.message, /409/);
  });
}

test('[SE5] a StatusError of another copy of the package is one', () => {
  const foreign = Object.assign(new Error('gone'), { name: 'StatusError', reason: 'Expired', code: 410 });
  assert.ok(isStatusError(foreign));
  assert.ok(isExpired(foreign));
  assert.equal(toStatus(foreign).message, 'gone');
  assert.ok(!isStatusError(Object.assign(new Error('x'), { name: 'StatusError', reason: 'toString' })));
  assert.ok(!isReason('constructor'));
});

test('[SE5] predicates tell reasons apart', () => {
  assert.ok(isConflict(new StatusError('Conflict', 'x')));
  assert.ok(!isConflict(new StatusError('AlreadyExists', 'x')));
  assert.ok(isNotFound(new StatusError('NotFound', 'x')));
  assert.equal(reasonOf(new Error('x')), 'InternalError');
});

test('[SE6] the cause stays behind', () => {
  const error = new StatusError('ServiceUnavailable', 'away', { cause: new Error('secret socket path') });
  assert.match(String(error.cause), /secret/);
  assert.doesNotMatch(JSON.stringify(toStatus(error)), /secret/);
});
