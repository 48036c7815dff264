import { test } from 'node:test';
import { roomFixture } from './room-fixture.ts';
import { vmScreensCases } from './vm-screens-cases.ts';

const fixture = await roomFixture(['--max-screens-per-user', '1']);
const { status } = await fixture.target.admin.get('/apis/kubevirt.io/v1/virtualmachines');
if (status === 200) vmScreensCases(fixture);
else test('screens of a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
