import type { Client } from '@krateyard/kube/client/client';
import { formatLabelSelector, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { Revision } from '../../contract/action-api.ts';
import { at, fieldsAt, listAt, numberAt, textAt } from '../../contract/columns/read.ts';
import { requireOneOf, type ActionObject } from './action.ts';

const ROLLED_OUT = new Set(['apps/deployments', 'apps/statefulsets', 'apps/daemonsets']);
const REPLICA_SETS = { group: 'apps', version: 'v1', resource: 'replicasets' } as const;
const CONTROLLER_REVISIONS = { group: 'apps', version: 'v1', resource: 'controllerrevisions' } as const;
const REVISION = 'deployment.kubernetes.io/revision';
const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const HASH = 'pod-template-hash';

/** A revision and what it takes to go back to it. */
export interface KeptRevision extends Revision {
  /** What stands in a ControllerRevision: a patch of the workload. */
  readonly patch: Readonly<Record<string, unknown>> | undefined;
}

export interface Revisions {
  readonly workload: KubeObject;
  /** Newest first. */
  readonly items: readonly KeptRevision[];
}

/** Read as the person. Throws MethodNotAllowed for kinds that keep none. */
export async function readRevisions(
  client: Client,
  { kind, name, namespace }: Omit<ActionObject, 'path' | 'uid'>,
  signal: AbortSignal,
): Promise<Revisions> {
  requireOneOf(kind, ROLLED_OUT, 'rolled back');
  const workload = await client.get<KubeObject>(kind, name, namespace, { signal });
  const selector = requirementsOf(at(workload, 'spec', 'selector') as LabelSelector | undefined) ?? [];
  const gvr = kind.resource === 'deployments' ? REPLICA_SETS : CONTROLLER_REVISIONS;
  const { items } = await client.list<KubeObject>(gvr, {
    namespace,
    labelSelector: formatLabelSelector(selector),
    omitManagedFields: true,
    signal,
  });
  const own = items.filter((item) =>
    item.metadata.ownerReferences?.some(({ uid }) => uid === workload.metadata.uid),
  );
  const read = kind.resource === 'deployments' ? ofReplicaSet : ofControllerRevision;
  const kept = own.map((item) => read(item, workload)).toSorted((a, b) => b.revision - a.revision);
  return { workload, items: kept };
}

/** The one asked for, 0 being the one before the current. Throws NotFound, and BadRequest when it runs already. */
export function chooseRevision({ workload, items }: Revisions, revision: number): KeptRevision {
  const found =
    revision === 0
      ? items.find(({ current }) => !current)
      : items.find((candidate) => candidate.revision === revision);
  const name = workload.metadata.name ?? '';
  if (!found) {
    throw new StatusError(
      'NotFound',
      revision === 0
        ? `"${name}" has no earlier revision to go back to`
        : `"${name}" has no revision ${revision} (any more)`,
    );
  }
  if (found.current) {
    throw new StatusError('BadRequest', `revision ${found.revision} is what "${name}" is at already`);
  }
  return found;
}

function ofReplicaSet(replicaSet: KubeObject, deployment: KubeObject): KeptRevision {
  const template = withoutHash(fieldsAt(replicaSet, 'spec', 'template'));
  const revision = Number(replicaSet.metadata.annotations?.[REVISION] ?? 0);
  return {
    ...described(replicaSet, template),
    revision,
    current: revision === Number(deployment.metadata.annotations?.[REVISION] ?? -1),
    patch: undefined,
  };
}

function ofControllerRevision(kept: KubeObject, workload: KubeObject): KeptRevision {
  const patch = fieldsAt(kept, 'data');
  const { $patch: _, ...template } = fieldsAt(patch, 'spec', 'template');
  const revision = numberAt(kept, 'revision') ?? 0;
  const updating = textAt(workload, 'status', 'updateRevision');
  return {
    ...described(kept, template),
    revision,
    // A DaemonSet does not name its revision: it is the one whose template it has.
    current:
      updating === null
        ? sameTemplate(template, fieldsAt(workload, 'spec', 'template'))
        : kept.metadata.name === updating,
    patch,
  };
}

function described(
  kept: KubeObject,
  template: Readonly<Record<string, unknown>>,
): Pick<Revision, 'createdAt' | 'changeCause' | 'images' | 'template'> {
  const { creationTimestamp, annotations } = kept.metadata;
  const changeCause = annotations?.[CHANGE_CAUSE];
  return {
    ...(creationTimestamp !== undefined && { createdAt: creationTimestamp }),
    ...(changeCause !== undefined && { changeCause }),
    images: listAt(template, 'spec', 'containers').flatMap((container) => textAt(container, 'image') ?? []),
    template: { ...template },
  };
}

/** The controller puts the hash on the template of each ReplicaSet; it is not of the Deployment's. */
function withoutHash(template: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { [HASH]: _, ...labels } = fieldsAt(template, 'metadata', 'labels');
  return { ...template, metadata: { ...fieldsAt(template, 'metadata'), labels } };
}

const sameTemplate = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

/** JSON with the fields in order and without those that say nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const fields = Object.entries(part).filter(([, inner]) => inner !== null && inner !== undefined);
    return Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
