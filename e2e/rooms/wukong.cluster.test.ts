import { test } from 'node:test';
import { bringWukong } from '../harness/wukong.ts';
import { roomFixture } from './room-fixture.ts';
import { wukongCases } from './wukong-cases.ts';
import { wukongCreateCases } from './wukong-create-cases.ts';

const fixture = await roomFixture();
if ((await fixture.target.admin.get('/apis/kubevirt.io/v1')).status === 200) {
  await bringWukong(fixture.target);
  wukongCases(fixture);
  wukongCreateCases(fixture);
} else test('Wukongs on a real KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
