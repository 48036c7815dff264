import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance, VirtualMachine } from '../machine-types.ts';
import { landed } from './change-landing.ts';
import { checkChange, editableOf, patchOf } from './change-plan.ts';

const vm = (domain: object, spec: object = { runStrategy: 'Always' }, more: object = {}): VirtualMachine =>
  ({
    metadata: { name: 'web', namespace: 'a', resourceVersion: '7', generation: 1, labels: { app: 'web' } },
    spec: { ...spec, template: { spec: { domain } } },
    ...more,
  }) as VirtualMachine;

const domainOf = (patch: object | undefined): unknown =>
  (patch as { spec?: { template?: { spec?: { domain?: object } } } })?.spec?.template?.spec?.domain;

test('[VC9] only what differs is patched, bound to the version that is meant', () => {
  const web = vm({ cpu: { sockets: 2 }, memory: { guest: '1Gi' } });
  assert.equal(patchOf(web, { cpu: 2, memory: '1024Mi', labels: { app: 'web' } }), undefined);
  assert.deepEqual(patchOf(web, { cpu: 4, labels: { app: null, tier: 'db' } }), {
    metadata: { resourceVersion: '7', labels: { app: null, tier: 'db' } },
    spec: { template: { spec: { domain: { cpu: { sockets: 4, cores: 1, threads: 1 } } } } },
  });
  assert.deepEqual(patchOf(web, { cpu: 2, resourceVersion: '5' }), { metadata: { resourceVersion: '5' } });
});

test('[VC9] cpus are sockets where that comes out even; the old ways to say things go on', () => {
  assert.deepEqual(domainOf(patchOf(vm({ cpu: { cores: 2, sockets: 1 } }), { cpu: 6 })), {
    cpu: { sockets: 3, cores: 2, threads: 1 },
  });
  assert.deepEqual(domainOf(patchOf(vm({ cpu: { cores: 2, sockets: 1 } }), { cpu: 3 })), {
    cpu: { sockets: 3, cores: 1, threads: 1 },
  });
  assert.deepEqual(domainOf(patchOf(vm({ resources: { requests: { memory: '1Gi' } } }), { memory: '2Gi' })), {
    memory: { guest: '2Gi' },
    resources: { requests: { memory: '2Gi' } },
  });
  assert.deepEqual(patchOf(vm({}, { running: true }), { runStrategy: 'Halted' }), {
    metadata: { resourceVersion: '7' },
    spec: { runStrategy: 'Halted', running: null },
  });
  assert.equal(patchOf(vm({}, { running: true }), { runStrategy: 'Always' }), undefined);
});

test('[VC10] an instance type’s sizes and a Wukong’s machines are not changed here', () => {
  const typed = vm({}, { runStrategy: 'Always', instancetype: { name: 'u1.small' } });
  assert.throws(
    () => checkChange(typed, { cpu: 2, memory: '1Gi' }),
    /cpu: the instance type u1\.small says it; memory/,
  );
  assert.deepEqual(
    [editableOf(typed, undefined).cpu, editableOf(typed, undefined).instancetype],
    [0, { name: 'u1.small', scope: 'cluster' }],
  );
  const owned = vm({}, { runStrategy: 'Always' });
  owned.metadata.ownerReferences = [
    { apiVersion: 'vm.novasphere.dev/v1alpha1', kind: 'Wukong', name: 'web', uid: 'u' },
  ];
  assert.throws(() => checkChange(owned, { cpu: 2 }), /belongs to the Wukong web/);
});

test('[VC9] what runs has taken a change when it has the size, or KubeVirt says it does', () => {
  const before = vm({ cpu: { sockets: 1 }, memory: { guest: '1Gi' } });
  const after = vm({ cpu: { sockets: 2 }, memory: { guest: '1Gi' } });
  const running = (sockets: number, conditions: object[] = []) =>
    ({
      metadata: {},
      spec: { domain: { cpu: { sockets }, memory: { guest: '1Gi' } } },
      status: { conditions },
    }) as Instance;
  assert.equal(landed(after, running(1), before, after), undefined);
  assert.equal(landed(after, running(2), before, after)?.restartRequired, false);
  const hot = [{ type: 'HotVCPUChange', status: 'True' }];
  assert.equal(landed(after, running(1, hot), before, after)?.restartRequired, false);
  const restart = vm(
    {},
    {},
    { status: { conditions: [{ type: 'RestartRequired', status: 'True', message: 'why' }] } },
  );
  assert.deepEqual(landed(restart, running(1), before, after), { restartRequired: true, reason: 'why' });
  assert.equal(landed(after, undefined, before, after)?.restartRequired, false);
});
