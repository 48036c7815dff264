import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BEARER_PROTOCOL_PREFIX, MAX_TOKEN_BYTES, presentedToken } from './presented-token.ts';

const protocol = (token: string): string =>
  `v1.krateyard, base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`;

test('[AU1] a token comes by header or subprotocol', () => {
  assert.equal(presentedToken({ authorization: 'Bearer abc.def' }), 'abc.def');
  assert.equal(presentedToken({ authorization: 'bearer  abc' }), 'abc');
  assert.equal(presentedToken({ 'sec-websocket-protocol': protocol('abc') }), 'abc');
  assert.equal(presentedToken({}), undefined);
});

test('[AU1] another scheme is no token', () => {
  assert.equal(presentedToken({ authorization: 'Basic YTpi' }), undefined);
  assert.equal(presentedToken({ 'sec-websocket-protocol': 'v1.krateyard' }), undefined);
});

test('[AU1] a malformed or oversized token is one that does not hold', () => {
  assert.equal(presentedToken({ authorization: 'Bearer' }), '');
  assert.equal(presentedToken({ authorization: 'Bearer a b' }), '');
  assert.equal(presentedToken({ authorization: `Bearer ${'x'.repeat(MAX_TOKEN_BYTES + 1)}` }), '');
  assert.equal(presentedToken({ 'sec-websocket-protocol': 'base64url.bearer.authorization.k8s.io.%%' }), '');
});

test('[AU1] any header gives a printable token, an empty one or none', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
      const [header, offered] = [one, other].map((bytes) => Buffer.from(bytes).toString('latin1'));
      for (const headers of [
        { authorization: `Bearer ${header}` },
        { 'sec-websocket-protocol': `${BEARER_PROTOCOL_PREFIX}${offered}` },
      ]) {
        const token = presentedToken(headers);
        assert.ok(token === undefined || /^[\u0021-\u007e]*$/.test(token));
      }
    }),
  );
});
