import { createEncodedObjects } from '@krateyard/kube/cache/encoded';
import type { Feature } from '@krateyard/runtime/feature';
import type { WorkspaceDeps } from './deps.ts';
import { accessRoute } from './access/access-route.ts';
import { actionRoutes } from './actions/action-routes.ts';
import { clusterRoutes } from './cluster/cluster-routes.ts';
import { objectPageRoutes } from './object/object-page-routes.ts';
import { KindDirectory } from './resources/kind-directory.ts';
import { EncodedBlocks } from './resources/encoded-blocks.ts';
import { listRoutes } from './resources/list-routes.ts';
import { ObjectActions } from './resources/object-actions.ts';
import { objectRoutes } from './resources/object-routes.ts';
import { revealRoute } from './resources/reveal-route.ts';
import { rightsRoutes } from './rights/rights-routes.ts';
import { searchRoute } from './search/search-route.ts';
import { taskRoutes } from './tasks/task-routes.ts';
import { usageRoutes } from './metrics/usage-routes.ts';
import { certificatesRoute } from './overview/certificates-route.ts';
import { OverviewLedger } from './overview/overview-ledger.ts';
import { OverviewRegistry } from './overview/overview-registry.ts';
import { overviewRoutes } from './overview/overview-routes.ts';
import { RecordingActions } from './recordings/recording-actions.ts';
import { recordingRoutes } from './recordings/recording-routes.ts';
import { debugRoute } from './shell/debug-container.ts';
import { createShellRoute } from './shell/shell-route.ts';
import { shellRoutes } from './shell/shell-routes.ts';
import { Shells } from './shell/shells.ts';
import { LogDesk } from './logs/log-desk.ts';
import { logRoutes } from './logs/log-routes.ts';
import { createLogRoute } from './logs/log-socket.ts';
import { createWatchRoute } from './watch/watch-socket.ts';

export type { WorkspaceDeps } from './deps.ts';

/** JSON of cached objects that is kept; with more, the least used is made again when asked for. */
const ENCODED_BYTES = 128 * 1024 * 1024;

/** The same JSON joined into blocks, for long lists. */
const BLOCK_BYTES = 128 * 1024 * 1024;

/** Resources and watch: lists, single objects, writes and `/ws/watch`. */
export function createWorkspaceFeature(deps: WorkspaceDeps): Feature {
  const shared = { directory: new KindDirectory(deps), encoded: createEncodedObjects(ENCODED_BYTES) };
  const watched = createOverview(deps);
  const shells = new Shells({ ...deps, recordings: deps.recordings?.recordings });
  const logs = new LogDesk({ ...deps, ...shared });
  return {
    name: 'workspace',
    // Every kind is asked for when somebody wants to see it, and its absence told then: beforehand it takes a right on any.
    requires: [
      {
        resource: { group: '*', version: '*', resource: '*' },
        verbs: ['list', 'watch'],
        purpose: 'the role "view" in a namespace is enough; name that namespace with --namespaces',
      },
    ],
    routes: (app) => {
      clusterRoutes(app, deps);
      listRoutes(app, {
        ...deps,
        ...shared,
        meter: deps.usage,
        blocks: new EncodedBlocks(shared.encoded, BLOCK_BYTES),
      });
      const actions = new ObjectActions({ ...deps, ...shared, now: () => deps.clock.now() });
      objectRoutes(app, actions);
      objectPageRoutes(app, { ...deps, ...shared, actions });
      revealRoute(app, deps);
      shellRoutes(app, shells);
      debugRoute(app, deps);
      logRoutes(app, logs);
      if (deps.recordings) recordingRoutes(app, new RecordingActions({ ...deps, ...deps.recordings }));
      taskRoutes(app, deps);
      accessRoute(app, deps);
      overviewRoutes(app, { ...deps, ...watched });
      usageRoutes(app, { ...deps, ...watched });
      certificatesRoute(app, deps);
      rightsRoutes(app, deps);
      searchRoute(app, { ...deps, ...shared });
      actionRoutes(app, { ...deps, ...shared });
    },
    sockets: [
      createWatchRoute(deps, { ...shared, ...watched }),
      createShellRoute(deps, shells),
      createLogRoute(deps, logs),
    ],
  };
}

function createOverview(deps: WorkspaceDeps) {
  const ledger = new OverviewLedger(deps);
  const { usage: meter } = deps;
  return { ledger, meter, overviews: new OverviewRegistry({ ...deps, ledger, meter }) };
}
