import { roomFixture } from './room-fixture.ts';
import { workspaceExplorerCases } from './workspace-explorer-cases.ts';

workspaceExplorerCases(await roomFixture());
