import { bringKubeVirt } from '../harness/kubevirt.ts';
import { consoleFixture } from './console-fixture.ts';
import { vmScreenCases } from './vm-screen-cases.ts';

const fixture = await consoleFixture();
await bringKubeVirt(fixture.target);
await vmScreenCases(fixture);
