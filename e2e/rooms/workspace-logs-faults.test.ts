import { roomFixture } from './room-fixture.ts';
import { workspaceLogsFaultsCases } from './workspace-logs-faults-cases.ts';

workspaceLogsFaultsCases(await roomFixture());
