import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMachine } from './a-machine.ts';
import { machineWord, shortReason, whyOf, type ConditionLine } from './machine-why.ts';

const condition = (more: Partial<ConditionLine>): ConditionLine => ({
  of: 'instance',
  type: 'Ready',
  status: 'False',
  reason: '',
  message: '',
  since: undefined,
  ...more,
});

test('[VP5] what is well needs no words, and what is not has a few for its cell', () => {
  assert.equal(shortReason(aMachine()), '');
  assert.equal(shortReason(aMachine({ status: 'Stopped', phase: '' })), '');
  assert.equal(shortReason(aMachine({ status: 'ErrorUnschedulable', phase: '' })), 'no node fits');
  assert.equal(shortReason(aMachine({ status: 'Starting', phase: 'Pending' })), 'starting');
  assert.equal(shortReason(aMachine({ status: 'Starting', reason: 'exceeded quota' })), 'cannot start yet');
  assert.equal(shortReason(aMachine({ ready: false })), 'guest not ready');
  assert.equal(shortReason(aMachine({ status: 'SomethingNew', reason: 'its own words' })), 'its own words');
  assert.equal(shortReason(aMachine({ restoreInProgress: 'r' })), 'being restored');
  assert.equal(machineWord(aMachine({ ready: false })), 'Pending');
});

test('[VP5] the reason of a condition is told with its meaning, the API’s words and what to do, each once', () => {
  const words = '0/3 nodes are available: 3 Insufficient memory.';
  const why = whyOf(aMachine({ status: 'ErrorUnschedulable', phase: 'Scheduling', ready: false }), [
    condition({ of: 'launcher pod', type: 'PodScheduled', reason: 'Unschedulable', message: words }),
    condition({ type: 'PodScheduled', reason: 'Unschedulable', message: words }),
    condition({ type: 'Ready', reason: 'GuestNotRunning', message: 'Guest VM is not reported as running' }),
    condition({ type: 'LiveMigratable', reason: 'DisksNotLiveMigratable' }),
  ]);
  assert.equal(why.word, 'Failed');
  assert.match(why.text, /^No node has room/);
  assert.deepEqual(
    why.causes.map((cause) => cause.words),
    [`launcher pod, PodScheduled: Unschedulable: ${words}`],
  );
  assert.equal(why.todo.length, 1);
});

test('[VP5] who is off is told why it stays off; what nobody knows is told in the API’s words', () => {
  const off = whyOf(aMachine({ status: 'Stopped', phase: '', ready: false, runStrategy: 'Manual' }), [
    condition({ of: 'machine', reason: 'VMINotExists', message: 'VMI does not exist' }),
  ]);
  assert.match(off.text, /Manual/);
  assert.deepEqual([off.word, off.causes, off.todo], ['Stopped', [], []]);
  const paused = whyOf(aMachine({ status: 'Paused', paused: true }), [
    condition({ type: 'Paused', status: 'True', reason: 'PausedIOError', message: 'low-level disk error' }),
  ]);
  assert.match(paused.causes[0]!.says, /disk failed/);
  const odd = whyOf(aMachine({ status: 'Odd', phase: '', ready: false, reason: 'because' }), []);
  assert.deepEqual(odd.causes, [{ says: '', words: 'because' }]);
});

test('[VP5] a machine that is on its way says so only while nothing keeps it from arriving', () => {
  const starting = aMachine({ status: 'Starting', phase: 'Pending', ready: false });
  const noPod = condition({
    reason: 'PodNotExists',
    message: 'virt-launcher pod has not yet been scheduled',
  });
  assert.match(whyOf(starting, [noPod]).text, /on its way/);
  const refused = condition({
    type: 'Synchronized',
    reason: 'FailedCreate',
    message: 'pods "virt-launcher-web" is forbidden: exceeded quota: q',
  });
  const why = whyOf(starting, [noPod, refused]);
  assert.match(why.text, /keeps it from it/);
  assert.deepEqual(
    why.causes.map(({ says }) => says),
    ['What would run it could not be created.'],
  );
  assert.match(why.todo.join(), /quota/);
});
