import { test } from 'node:test';
import { roomFixture } from './room-fixture.ts';
import { vmConsoleCases } from './vm-console-cases.ts';

const fixture = await roomFixture(['--shell-hold-seconds=5']);
const { status } = await fixture.target.admin.get('/apis/kubevirt.io/v1/virtualmachines');
if (status === 200) await vmConsoleCases(fixture);
else test('serial consoles on a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
