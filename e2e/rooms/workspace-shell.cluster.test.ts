import { roomFixture } from './room-fixture.ts';
import { workspaceShellCases } from './workspace-shell-cases.ts';

await workspaceShellCases(await roomFixture());
