import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCast } from '@krateyard/terminals/recordings/cast';
import { pollUntil } from '../harness/poll-until.ts';
import { roomFixture } from './room-fixture.ts';
import { ShellBench } from './workspace-shell-cases.ts';

const fixture = await roomFixture();
const { gateway } = fixture;

test('[RC2] what was recorded is there after the gateway was killed', { timeout: 120_000 }, async () => {
  const bench = await ShellBench.set(fixture);
  const pod = await bench.runningPod('box');
  const { who } = await bench.person('recorder');
  const shell = await bench.open(who, { pod });
  await shell.seen(/[#$] /);
  shell.send({ type: 'record', on: true });
  const { id } = await shell.frame('recording', ({ on }) => on);
  shell.type('echo before-the-end\r');
  const read = async () => readCast((await who.api.get(`/api/recordings/${id}`)).text);
  const written = async (): Promise<boolean> =>
    (await read()).events.some(({ code, data }) => code === 'o' && data.includes('before-the-end'));
  await pollUntil('the words to be written', written);
  await gateway.kill();
  await gateway.start();
  const summary = await pollUntil('the recording to be finished', async () => {
    const { status, body } = await who.api.get(`/api/recordings/${id}/summary`);
    return status === 200 && body.endedAt !== undefined && body;
  });
  assert.ok(summary.seconds > 0);
  assert.ok(await written());
});
