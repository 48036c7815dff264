import assert from 'node:assert/strict';
import type { Reply } from './api.ts';

/** The reply is a Failure Status with exactly this code and reason, and a message that matches. */
export function assertStatus(
  reply: Reply,
  code: number,
  reason: string | undefined,
  message?: RegExp | string,
): void {
  assert.equal(reply.status, code, reply.text);
  assert.equal(reply.body?.kind, 'Status', reply.text);
  assert.equal(reply.body.apiVersion, 'v1');
  assert.equal(reply.body.status, 'Failure');
  assert.equal(reply.body.code, code);
  assert.equal(reply.body.reason, reason, reply.text);
  if (typeof message === 'string') assert.equal(reply.body.message, message);
  else if (message !== undefined) assert.match(reply.body.message, message);
}

/** Fails with the whole reply when the code is another. */
export function assertCode(reply: Reply, code: number): void {
  assert.equal(reply.status, code, `${reply.status} instead of ${code}: ${reply.text.slice(0, 2000)}`);
}
