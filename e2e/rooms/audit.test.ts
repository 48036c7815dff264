import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertStatus } from '../harness/assert-status.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture } from './room-fixture.ts';

const { gateway, person } = await roomFixture(['--log-level', 'silent']);

test('[WS2] a gateway that logs nothing still accounts for who asked for a value', async () => {
  const nobody = await person('nobody');
  const reply = await nobody.api.post('/api/resource/secrets/s/reveal', { key: 'pw' }, { ns: 'default' });
  assertStatus(reply, 403, 'Forbidden');
  const lines = await pollUntil('the audit line', () => gateway.log.includes('secret.reveal') && gateway.log);
  assert.ok(lines.includes(nobody.username));
});
