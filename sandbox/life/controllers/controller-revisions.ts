import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ControllerContext } from '../controller-context.ts';
import { canonical, safeHash } from '../hash.ts';
import { ownerReference } from '../pod-state.ts';
import { RESOURCES } from '../resources.ts';
import type { PodTemplate } from '../workload-types.ts';

export const REVISION_LABEL = 'controller-revision-hash';

export interface ControllerRevision extends KubeObject {
  revision: number;
  data: object;
}

/** The name of the template's revision, `NAME-HASH`; its ControllerRevision is made where it is missing and becomes the newest. */
export async function ensureRevision(
  context: ControllerContext,
  owner: KubeObject & { spec: { template: PodTemplate; revisionHistoryLimit?: number } },
  kind: string,
): Promise<string> {
  const { world } = context;
  const data = { spec: { template: { ...owner.spec.template, $patch: 'replace' } } };
  const name = `${owner.metadata.name}-${safeHash(canonical(data))}`;
  const revisions = world
    .mirror<ControllerRevision>(RESOURCES.controllerRevisions)
    .ownedBy(owner.metadata.uid!)
    .toSorted((a, b) => a.revision - b.revision);
  const newest = revisions.at(-1)?.revision ?? 0;
  const found = revisions.find((each) => each.metadata.name === name);
  if (!found) {
    await world.ensure<ControllerRevision>(RESOURCES.controllerRevisions, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name,
        namespace: owner.metadata.namespace!,
        labels: {
          ...owner.spec.template.metadata?.labels,
          [REVISION_LABEL]: name.slice(owner.metadata.name!.length + 1),
        },
        ownerReferences: [ownerReference(owner, 'apps/v1', kind)],
      },
      data,
      revision: newest + 1,
    });
  } else if (found.revision < newest)
    await world.patch(RESOURCES.controllerRevisions, found, { revision: newest + 1 });
  const limit = owner.spec.revisionHistoryLimit ?? 10;
  const old = revisions.filter((each) => each.metadata.name !== name);
  for (const each of old.slice(0, Math.max(0, old.length - limit)))
    await world.remove(RESOURCES.controllerRevisions, each);
  return name;
}
