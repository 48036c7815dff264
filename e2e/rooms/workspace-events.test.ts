import { roomFixture } from './room-fixture.ts';
import { workspaceEventsCases } from './workspace-events-cases.ts';

workspaceEventsCases(await roomFixture());
