import { test } from 'node:test';
import { roomFixture } from './room-fixture.ts';
import { vmConsoleRecordingCases } from './vm-console-recording-cases.ts';

const fixture = await roomFixture(['--shell-hold-seconds=2']);
const { status } = await fixture.target.admin.get('/apis/kubevirt.io/v1/virtualmachines');
if (status === 200) await vmConsoleRecordingCases(fixture);
else
  test('recorded consoles of a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
