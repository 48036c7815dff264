import type { Feature } from '@krateyard/runtime/feature';
import { untilAbort } from '@krateyard/runtime/until-abort';
import { Books } from './books.ts';
import { ChangeDesk } from './create/change-desk.ts';
import { CreateDesk } from './create/create-desk.ts';
import { createRoutes } from './create/create-routes.ts';
import { ConsoleDesk } from './console/console-desk.ts';
import { createConsoleRoute } from './console/console-route.ts';
import { consoleRoutes } from './console/console-routes.ts';
import type { VmsDeps } from './deps.ts';
import { createEventRoute } from './event-route.ts';
import { INSTANCES, VIRTUAL_MACHINES } from './machine-types.ts';
import { ScreenDesk } from './screens/screen-desk.ts';
import { createScreenRoute } from './screens/screen-route.ts';
import { screenRoutes } from './screens/screen-routes.ts';
import { createVncRoute } from './screens/vnc-route.ts';
import { SnapshotDesk } from './snapshot-desk.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { VmActions } from './vm-actions.ts';
import { vmRoutes } from './vm-routes.ts';

export { consoleRecordings } from './console/console-recordings.ts';
export type { VmsDeps } from './deps.ts';

/** Virtual machines: one live list of what KubeVirt (and who owns its machines) knows, actions, snapshots and restores. */
export function createVmsFeature(deps: VmsDeps): Feature {
  const books = new Books(deps);
  const actions = new VmActions(deps, books);
  const desk = new ScreenDesk(deps, books);
  const consoles = new ConsoleDesk(deps, books);
  return {
    name: 'vms',
    requires: [
      { resource: VIRTUAL_MACHINES, verbs: ['list', 'watch'], purpose: 'what machines there are' },
      { resource: INSTANCES, verbs: ['list', 'watch'], purpose: 'which of them run, and where' },
    ],
    routes: (app) => {
      vmRoutes(app, deps, books, actions);
      createRoutes(app, deps, new CreateDesk(deps, books), new ChangeDesk(deps, books));
      screenRoutes(app, { deps, books, desk });
      consoleRoutes(app, deps, consoles);
      snapshotRoutes(app, deps, new SnapshotDesk(deps, books, actions));
    },
    sockets: [
      createEventRoute(deps, books),
      createVncRoute(deps, desk),
      createScreenRoute(deps, desk),
      createConsoleRoute(deps, consoles),
    ],
    runnables: [
      {
        name: 'vms',
        start: async (signal) => {
          await untilAbort(signal);
          books.close();
        },
      },
    ],
  };
}
