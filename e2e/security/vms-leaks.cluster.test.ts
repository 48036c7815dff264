import { test } from 'node:test';
import { roomFixture } from '../rooms/room-fixture.ts';
import { registerVmLeakCases } from './vms-leaks-cases.ts';

const fixture = await roomFixture();
if ((await fixture.target.admin.get('/apis/kubevirt.io/v1')).status === 200)
  await registerVmLeakCases(fixture);
else
  test('leaks of machines on a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
