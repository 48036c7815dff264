import { roomFixture } from './room-fixture.ts';
import { workspaceActionsCases } from './workspace-actions-cases.ts';

workspaceActionsCases(await roomFixture());
