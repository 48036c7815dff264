import { roomFixture } from './room-fixture.ts';
import { workspaceWatchCases } from './workspace-watch-cases.ts';

workspaceWatchCases(await roomFixture());
