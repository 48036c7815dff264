import type { Feature } from '@krateyard/runtime/feature';
import type { WorkspaceDeps } from './deps.ts';

export type { AuditEvent, AuditTrail, CredentialWatcher, WatchedProof, WorkspaceDeps } from './deps.ts';

/** Resources and watch: lists, single objects, writes and `/ws/watch`. */
export function createWorkspaceFeature(deps: WorkspaceDeps): Feature {
  void deps;
  return { name: 'workspace', requires: [] };
}
