import { test } from 'node:test';
import { roomFixture } from './room-fixture.ts';
import { vmCreateCases } from './vm-create-cases.ts';

const fixture = await roomFixture();
const { status } = await fixture.target.admin.get('/apis/kubevirt.io/v1/virtualmachines');
if (status === 200) vmCreateCases(fixture);
else test('making machines on a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
