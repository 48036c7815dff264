import { bringKubeVirt } from '../harness/kubevirt.ts';
import { roomFixture } from '../rooms/room-fixture.ts';
import { untilLit } from '../rooms/until-lit.ts';
import { registerVmLeakCases } from './vms-leaks-cases.ts';

const fixture = await roomFixture();
await bringKubeVirt(fixture.target);
await untilLit(fixture);
await registerVmLeakCases(fixture);
