import { roomFixture } from './room-fixture.ts';
import { workspaceFaultsCases } from './workspace-faults-cases.ts';

workspaceFaultsCases(await roomFixture());
