import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VmAction } from '../../contract/vm-api.ts';
import { aMachine } from '../a-machine.ts';
import { ableTo, blockedForAll, fittingActions, MACHINE_ACTIONS, rightsFor } from './vm-action.ts';

const action = (id: VmAction) => MACHINE_ACTIONS.find((one) => one.id === id)!;
const able = (vm: Parameters<typeof aMachine>[0]): string[] =>
  MACHINE_ACTIONS.filter((one) => ableTo(one, [aMachine(vm)]).length > 0).map(({ id }) => id);

test('[VP4] what a machine’s state does not allow is disabled, and says why', () => {
  assert.deepEqual(able({}), ['stop', 'restart', 'pause', 'reset', 'migrate', 'delete']);
  assert.deepEqual(able({ status: 'Stopped', phase: '' }), ['start', 'delete']);
  assert.deepEqual(able({ status: 'Paused', paused: true }), [
    'stop',
    'restart',
    'unpause',
    'reset',
    'migrate',
    'delete',
  ]);
  assert.deepEqual(able({ status: 'ErrorUnschedulable', phase: 'Scheduling' }), ['stop', 'delete']);
  assert.deepEqual(able({ status: 'Terminating' }), []);
  assert.match(blockedForAll(action('start'), [aMachine()])!, /on already/);
  assert.match(blockedForAll(action('migrate'), [aMachine({ migratable: false })])!, /cannot move/);
  assert.match(blockedForAll(action('stop'), [aMachine({ restoreInProgress: 'r' })])!, /restored/);
});

test('[VP4] of many, an action is done to those that it can be done to', () => {
  const on = aMachine({ name: 'on' });
  const off = aMachine({ name: 'off', status: 'Stopped', phase: '' });
  assert.deepEqual(ableTo(action('start'), [on, off]), [off]);
  assert.equal(blockedForAll(action('start'), [on, off]), undefined);
  assert.match(blockedForAll(action('unpause'), [on, off])!, /^None of them/);
  assert.ok(!fittingActions([on, off]).includes(action('unpause')));
});

test('[VP4] rights are asked for one machine by name and for many by namespace; a Wukong’s power goes through it', () => {
  const vms = [aMachine(), aMachine({ name: 'db' }), aMachine({ name: 'x', namespace: 'b' })];
  assert.deepEqual(rightsFor(action('stop'), vms), [
    {
      verb: 'update',
      group: 'subresources.kubevirt.io',
      resource: 'virtualmachines',
      subresource: 'stop',
      namespace: 'a',
    },
    {
      verb: 'update',
      group: 'subresources.kubevirt.io',
      resource: 'virtualmachines',
      subresource: 'stop',
      namespace: 'b',
    },
  ]);
  const [own] = rightsFor(action('start'), [aMachine({ wukong: 'w' })]);
  assert.deepEqual([own?.resource, own?.verb, own?.name], ['wukongs', 'patch', 'w']);
});
