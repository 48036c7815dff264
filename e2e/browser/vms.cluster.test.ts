import { test } from 'node:test';
import { consoleFixture } from './console-fixture.ts';
import { vmsCases } from './vms-cases.ts';

const fixture = await consoleFixture();
const { status } = await fixture.target.admin.get('/apis/kubevirt.io/v1/virtualmachines');
if (status === 200) await vmsCases(fixture);
else test('machines on a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
