import type { Relation, RelationGroup } from '../../../contract/relations.ts';

const FORWARD: Readonly<Record<Relation, string>> = {
  owns: 'owns',
  selects: 'selects',
  'routes to': 'routes to',
  mounts: 'mounts',
  uses: 'uses',
  'runs on': 'runs on',
  'runs as': 'runs as',
  binds: 'binds',
  scales: 'scales',
  protects: 'protects',
  'applies to': 'applies to',
  grants: 'grants',
  'is about': 'is about',
};

const BACKWARD: Readonly<Record<Relation, string>> = {
  owns: 'owned by',
  selects: 'selected by',
  'routes to': 'routed to by',
  mounts: 'mounted by',
  uses: 'used by',
  'runs on': 'runs',
  'runs as': 'account of',
  binds: 'bound by',
  scales: 'scaled by',
  protects: 'protected by',
  'applies to': 'ruled by',
  grants: 'granted by',
  'is about': 'spoken of by',
};

/** The relation as the object whose page it is would say it. */
export function relationWords({
  relation,
  direction,
}: Pick<RelationGroup, 'relation' | 'direction'>): string {
  return direction === 'to' ? FORWARD[relation] : BACKWARD[relation];
}
