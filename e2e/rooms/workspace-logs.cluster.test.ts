import { roomFixture } from './room-fixture.ts';
import { workspaceLogsCases } from './workspace-logs-cases.ts';

workspaceLogsCases(await roomFixture());
