import { bringKubeVirt } from '../harness/kubevirt.ts';
import { roomFixture } from './room-fixture.ts';
import { untilLit } from './until-lit.ts';
import { vmScreensCases } from './vm-screens-cases.ts';

const fixture = await roomFixture(['--max-screens-per-user', '1']);
await bringKubeVirt(fixture.target);
await untilLit(fixture);
vmScreensCases(fixture);
