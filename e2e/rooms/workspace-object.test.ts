import { roomFixture } from './room-fixture.ts';
import { workspaceObjectCases } from './workspace-object-cases.ts';

workspaceObjectCases(await roomFixture());
