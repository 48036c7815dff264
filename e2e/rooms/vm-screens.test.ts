import { test } from 'node:test';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { roomFixture } from './room-fixture.ts';
import { VncClient } from './screen-client.ts';
import { refused } from './screen-stage.ts';
import { vmScreensCases } from './vm-screens-cases.ts';

const fixture = await roomFixture(['--max-screens-per-user', '1']);
const { gateway, target, person } = fixture;

test('[SC2] without KubeVirt there are no screens, and that is said', async () => {
  const who = await person('early');
  const nowhere = { origin: gateway.origin, namespace: 'default', vm: 'box' };
  await refused(VncClient.open(nowhere, who), 503, 'ServiceUnavailable');
  await bringKubeVirt(target);
});

vmScreensCases(fixture);
