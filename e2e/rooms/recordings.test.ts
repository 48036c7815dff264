import { recordingsCases } from './recordings-cases.ts';
import { roomFixture } from './room-fixture.ts';

await recordingsCases(await roomFixture());
