import { test } from 'node:test';
import { consoleFixture } from './console-fixture.ts';
import { vmScreenCases } from './vm-screen-cases.ts';

const fixture = await consoleFixture();
const { status } = await fixture.target.admin.get('/apis/kubevirt.io/v1/virtualmachines');
if (status === 200) await vmScreenCases(fixture);
else test('screens on a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
