import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance, MachineParts, VirtualMachine } from '../machine-types.ts';
import { vmInfo } from '../vm-view.ts';
import { machineState } from './machine-state.ts';

type Parts = {
  readonly vm?: Pick<VirtualMachine, 'spec' | 'status'>;
  readonly instance?: Pick<Instance, 'spec' | 'status'>;
};

function stateOf({ vm, instance }: Parts) {
  const metadata = { name: 'web', namespace: 'a', uid: '1' };
  const parts: MachineParts = {
    vm: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata, ...vm },
    instance: instance && {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata,
      ...instance,
    },
    pod: undefined,
    claim: () => undefined,
  };
  return machineState(vmInfo(parts), parts);
}

const running = { printableStatus: 'Running' };

test('[SC6] a machine that runs has a screen, and says when it migrates or is paused', () => {
  const on = (status: Instance['status']) =>
    stateOf({
      vm: { status: running },
      instance: { status: { phase: 'Running', nodeName: 'n1', ...status } },
    });
  assert.deepEqual(on({}), { is: 'on', told: undefined });
  assert.deepEqual(on({ migrationState: { sourceNode: 'n1', targetNode: 'n2' } }), {
    is: 'on',
    told: { state: 'migrating', message: 'Migrating from n1 to n2.' },
  });
  assert.equal(on({ migrationState: { completed: true } }).told, undefined);
  assert.equal(on({ migrationState: { failed: true } }).told, undefined);
  assert.deepEqual(on({ migrationState: {} }).told?.message, 'Migrating from n1 to another node.');
  assert.equal(on({ conditions: [{ type: 'Paused', status: 'True' }] }).told?.state, 'paused');
});

test('[SC6] off, on its way back and broken are different things, each in words', () => {
  const off = (printableStatus: string, runStrategy: string, more: VirtualMachine['status'] = {}) =>
    stateOf({ vm: { spec: { runStrategy }, status: { printableStatus, ...more } } }).told;
  assert.equal(off('Stopped', 'Manual')?.state, 'stopped');
  assert.equal(off('Stopped', 'Halted')?.message, 'It is off. Start it, and its screen comes back.');
  assert.equal(off('Stopped', 'Manual', { stateChangeRequests: [{ action: 'Start' }] })?.state, 'restarting');
  assert.equal(off('Starting', 'Manual')?.state, 'restarting');
  assert.equal(off('Stopping', 'Always')?.state, 'restarting');
  assert.equal(off('Stopping', 'Manual')?.state, 'stopped');
  const broken = off('ErrorUnschedulable', 'Always');
  assert.deepEqual([broken?.state, broken?.message], ['unavailable', 'It does not run: ErrorUnschedulable.']);
});

test('[SC6] a machine without a graphics device has no screen, whether it runs or not', () => {
  const spec = { domain: { devices: { autoattachGraphicsDevice: false } } };
  const on = stateOf({ vm: { status: running }, instance: { spec, status: { phase: 'Running' } } });
  const off = stateOf({ vm: { spec: { template: { spec } }, status: { printableStatus: 'Stopped' } } });
  for (const { is, told } of [on, off]) assert.deepEqual([is, told?.state], ['off', 'unavailable']);
});
