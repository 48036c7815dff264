import { bringKubeVirt } from '../harness/kubevirt.ts';
import { roomFixture } from './room-fixture.ts';
import { vmCreateCases } from './vm-create-cases.ts';

const fixture = await roomFixture();
await bringKubeVirt(fixture.target);
vmCreateCases(fixture);
