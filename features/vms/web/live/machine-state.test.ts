import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VmEventFrame, VmEventResource } from '../../contract/vm-events.ts';
import { MachineState } from './machine-state.ts';

const timestamp = 1;
const update = (
  resource: VmEventResource,
  action: 'ADDED' | 'MODIFIED' | 'DELETED',
  name: string,
  more: object = {},
): VmEventFrame => ({
  type: 'update',
  resource,
  action,
  data: { namespace: 'a', name, ...more },
  timestamp,
});
const synced = { type: 'synced', timestamp } as const;
const dark = (resource: VmEventResource, reason: string): VmEventFrame => ({
  type: 'dark',
  resource,
  reason,
  timestamp,
});

function setUp() {
  const state = new MachineState(() => 7);
  const tell =
    (socket: number) =>
    (...frames: VmEventFrame[]) => {
      for (const frame of frames) state.take({ socket, frame });
      return state.view();
    };
  const names = (): string[] => [...state.view().machines.keys()];
  return { state, tell, names };
}

test('[VP1] what a socket tells shows when it is complete, and another socket replaces it whole', () => {
  const { tell, names } = setUp();
  const first = tell(1);
  assert.equal(first(update('vm', 'ADDED', 'one')).phase, 'loading');
  assert.deepEqual(names(), []);
  assert.equal(first(update('vm', 'ADDED', 'two'), synced).phase, 'ready');
  assert.deepEqual(names(), ['a/one', 'a/two']);
  const second = tell(2);
  second(update('vm', 'ADDED', 'two'));
  assert.deepEqual(names(), ['a/one', 'a/two']);
  second(synced);
  assert.deepEqual(names(), ['a/two']);
});

test('[VP1] later changes show at once, and only what appeared after the first list is new', () => {
  const { tell, names } = setUp();
  const say = tell(1);
  say(update('vm', 'ADDED', 'one', { status: 'Stopped' }), synced);
  const before = say().machines.get('a/one');
  say(update('vm', 'ADDED', 'two'));
  assert.equal(say().machines.get('a/one'), before);
  assert.deepEqual([...say().appearedAt], [['a/two', 7]]);
  say(update('vm', 'MODIFIED', 'one', { status: 'Running' }), update('vm', 'DELETED', 'two'));
  assert.equal(say().machines.get('a/one')?.status, 'Running');
  assert.deepEqual([names(), say().appearedAt.size], [['a/one'], 0]);
});

test('[VP2] machines that are dark or not to be seen any more go at once, with the reason, and come back', () => {
  const { tell, names } = setUp();
  const say = tell(1);
  const refused = say(dark('vm', 'virtualmachines are not served by this cluster'), synced);
  assert.deepEqual([refused.phase, refused.status?.code, refused.ended], ['failed', 503, false]);
  assert.equal(say(update('vm', 'ADDED', 'one'), synced).phase, 'ready');
  const lost = say(dark('vm', 'You may not list and watch any vm here now.'));
  assert.deepEqual([lost.phase, lost.status?.reason, lost.ended], ['failed', 'Forbidden', true]);
  assert.deepEqual(names(), []);
  assert.equal(say(update('vm', 'ADDED', 'one'), synced).status, undefined);
});

test('[VP2] who was refused before sees all of a socket that is accepted', () => {
  const { state, tell, names } = setUp();
  state.refuse({ message: 'no', reason: 'Forbidden', code: 403 });
  assert.deepEqual([state.view().phase, state.view().ended], ['failed', false]);
  const view = tell(1)(update('vm', 'ADDED', 'one'), synced);
  assert.deepEqual([view.phase, view.status, names()], ['ready', undefined, ['a/one']]);
});

test('[VP2] without snapshots the machines show, and what is missing is said', () => {
  const { tell } = setUp();
  const say = tell(1);
  const view = say(update('vm', 'ADDED', 'one'), dark('snapshot', 'not served'), synced);
  assert.deepEqual([view.phase, view.dark], ['ready', { snapshot: 'not served' }]);
  const lit = say(update('snapshot', 'ADDED', 's1'));
  assert.deepEqual([lit.dark, [...lit.snapshots.keys()]], [{}, ['a/s1']]);
});

test('[VP1] who comes back with a token is told what is different, and the rest stays', () => {
  const { state, tell, names } = setUp();
  tell(1)(update('vm', 'ADDED', 'stays'), update('vm', 'ADDED', 'goes'), { ...synced, token: 't1' });
  assert.equal(state.token, 't1');
  tell(1)({ type: 'token', token: 't2', timestamp });
  assert.equal(state.token, 't2');
  const say = tell(2);
  const stays = say(update('vm', 'DELETED', 'goes'), update('vm', 'ADDED', 'new')).machines.get('a/stays');
  assert.deepEqual(names(), ['a/stays', 'a/goes']);
  say({ ...synced, token: 't3', resumed: true });
  assert.deepEqual(names(), ['a/stays', 'a/new']);
  assert.equal(state.view().machines.get('a/stays'), stays);
  tell(3)(update('vm', 'ADDED', 'all'), { ...synced, token: 't4' });
  assert.deepEqual(names(), ['a/all']);
});

test('[VP1] where something is dark, all is asked for again', () => {
  const { state, tell } = setUp();
  tell(1)(dark('snapshot', 'not served'), { ...synced, token: 't1' });
  assert.equal(state.token, '');
});
