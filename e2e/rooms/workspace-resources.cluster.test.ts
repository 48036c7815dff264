import { roomFixture } from './room-fixture.ts';
import { workspaceResourcesCases } from './workspace-resources-cases.ts';

workspaceResourcesCases(await roomFixture());
