import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VmCreateRequest } from '../../contract/vm-create.ts';
import { kubevirtMaker } from './kubevirt-maker.ts';
import { quotaEffects, untoldResources, usageOf, type ResourceQuota } from './quota-effect.ts';

const request: VmCreateRequest = {
  name: 'web',
  cpu: 1,
  memory: '64Mi',
  osImage: 'a:1',
  disks: [{ name: 'root' }, { name: 'data', size: '5Gi', storageClassName: 'fast' }],
  gpus: [{ name: 'g', deviceName: 'vendor.example/A1' }],
};
const plan = kubevirtMaker.plan(request, { namespace: 'a', cdi: true, wukong: true, randomHex: () => '00' });

const quota = (
  hard: Record<string, string>,
  used: Record<string, string>,
  spec: object = {},
): ResourceQuota => ({
  metadata: { name: 'q' },
  spec: { hard, ...spec },
  status: { used },
});

test('[VC4] what a machine takes is what KubeVirt 1.7 was seen to ask for', () => {
  const usage = usageOf(request, plan, { cpu: 1, memory: '64Mi' });
  const MI = 2 ** 20;
  // The launcher's 332 MiB, and the sidecars' 35 M and 1 M.
  assert.equal(Math.floor((usage.get('requests.memory')! - 36e6) / MI), 332);
  const two = usageOf(request, plan, { cpu: 2, memory: '96Mi' });
  assert.equal(Math.floor((two.get('requests.memory')! - 36e6) / MI), 372);
  assert.equal(usage.get('requests.cpu'), 0.106);
});

test('[VC4] a line for each resource that a quota counts, exact beyond it', () => {
  const hard = {
    pods: '1',
    cpu: '1',
    'requests.storage': '10Gi',
    'fast.storageclass.storage.k8s.io/requests.storage': '4Gi',
    'requests.vendor.example/A1': '2',
    services: '5',
    'limits.memory': '4Gi',
  };
  const used = { pods: '1', cpu: '900m', 'requests.storage': '1Gi' };
  const quotas = [quota(hard, used), quota({ pods: '9' }, {}, { scopes: ['BestEffort'] })];
  const effects = quotaEffects(quotas, usageOf(request, plan, { cpu: 1, memory: '64Mi' }));
  assert.deepEqual(
    effects.map(({ resource, adds, left, exceeded }) => [resource, adds, left, exceeded]),
    [
      ['pods', '1', '-1', true],
      ['cpu', '106m', '-6m', true],
      ['requests.storage', '5Gi', '4Gi', false],
      ['fast.storageclass.storage.k8s.io/requests.storage', '5Gi', '-1Gi', true],
      ['requests.vendor.example/A1', '1', '1', false],
    ],
  );
  assert.deepEqual(untoldResources(quotas), ['limits.memory']);
});
