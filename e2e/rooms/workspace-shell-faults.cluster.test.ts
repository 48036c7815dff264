import { roomFixture } from './room-fixture.ts';
import { SHELL_FAULTS_ARGS, workspaceShellFaultsCases } from './workspace-shell-faults-cases.ts';

await workspaceShellFaultsCases(await roomFixture(SHELL_FAULTS_ARGS));
