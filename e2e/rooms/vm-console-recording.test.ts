import { bringKubeVirt } from '../harness/kubevirt.ts';
import { roomFixture } from './room-fixture.ts';
import { vmConsoleRecordingCases } from './vm-console-recording-cases.ts';
import { untilLit } from './until-lit.ts';

const fixture = await roomFixture(['--shell-hold-seconds=2']);
await bringKubeVirt(fixture.target);
await untilLit(fixture);
await vmConsoleRecordingCases(fixture);
