import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinePages } from './machine-pages.ts';

const at = { name: 'web', namespace: 'team-a' };
const pathsOf = (group: string, resource: string, object: object): string[] =>
  machinePages({ group, resource }, object as never).map(({ path }) => path);

test('[VP10] a machine, its instance and its Wukong lead to the machine’s page, others to none', () => {
  assert.deepEqual(pathsOf('kubevirt.io', 'virtualmachines', { metadata: at }), ['/vms/team-a/web']);
  const owned = { ...at, ownerReferences: [{ kind: 'VirtualMachine', name: 'web' }] };
  assert.deepEqual(pathsOf('kubevirt.io', 'virtualmachineinstances', { metadata: owned }), [
    '/vms/team-a/web',
  ]);
  assert.deepEqual(pathsOf('kubevirt.io', 'virtualmachineinstances', { metadata: at }), []);
  const wukong = { metadata: at, status: { vmName: 'web-vm' } };
  assert.deepEqual(pathsOf('vm.novasphere.dev', 'wukongs', wukong), ['/vms/team-a/web-vm']);
  assert.deepEqual(pathsOf('vm.novasphere.dev', 'wukongs', { metadata: at }), []);
  assert.deepEqual(pathsOf('', 'pods', { metadata: at }), []);
  assert.deepEqual(pathsOf('kubevirt.io', 'virtualmachines', { metadata: {} }), []);
});
