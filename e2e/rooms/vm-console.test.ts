import { bringKubeVirt } from '../harness/kubevirt.ts';
import { roomFixture } from './room-fixture.ts';
import { untilLit } from './until-lit.ts';
import { vmConsoleCases } from './vm-console-cases.ts';

const fixture = await roomFixture(['--shell-hold-seconds=5']);
await bringKubeVirt(fixture.target);
await untilLit(fixture);
await vmConsoleCases(fixture);
