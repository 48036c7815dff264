import type { Room } from '@krateyard/ui/room';
import { vmsRoom } from '@krateyard/vms/web/feature';
import { overviewRoom, workspaceRoom } from '@krateyard/workspace/web/feature';

/** Every room of this console, in the order of the rail. */
export const rooms: readonly Room[] = [overviewRoom, workspaceRoom, vmsRoom];
