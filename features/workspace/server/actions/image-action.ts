import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { ActionBody } from '../../contract/action-api.ts';
import { at, listAt, textAt } from '../../contract/columns/read.ts';
import { requireOneOf, type Action } from './action.ts';
import { patchObject } from './patch-object.ts';
import { expectRollout, expectSpec } from './workload-actions.ts';

/** Where the pod spec stands, by `group/resource`. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  '/pods': ['spec'],
  '/replicationcontrollers': ['spec', 'template', 'spec'],
  'apps/deployments': ['spec', 'template', 'spec'],
  'apps/statefulsets': ['spec', 'template', 'spec'],
  'apps/daemonsets': ['spec', 'template', 'spec'],
  'apps/replicasets': ['spec', 'template', 'spec'],
  'batch/cronjobs': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};
const ROLLED_OUT = new Set(['deployments', 'statefulsets', 'daemonsets']);

export const setImage: Action<ActionBody<'set-image'>> = {
  title: (what, { images }) => {
    const words = Object.entries(images).map(([container, image]) => `${container}=${image}`);
    return `Set images of ${what}: ${words.join(' ').slice(0, 200)}`;
  },
  check: ({ kind }) => requireOneOf(kind, new Set(Object.keys(POD_SPECS)), 'given other images'),
  ask: async (call, { images }) => {
    const { client, kind, name, namespace, signal } = call;
    const path = POD_SPECS[`${kind.group}/${kind.resource}`]!;
    const current = await client.get<KubeObject>(kind, name, namespace, { signal });
    const podSpec = at(current, ...path);
    const change = containersChange(podSpec, images);
    const patch = path
      .toReversed()
      .reduce<Record<string, unknown>>((inner, field) => ({ [field]: inner }), change);
    const written = await patchObject(call, 'strategic', patch);
    return ROLLED_OUT.has(kind.resource)
      ? expectRollout(call, written)
      : expectSpec(call, written, () => ({ seen: true }));
  },
};

/** Throws BadRequest for containers that are not there, naming those that are. */
function containersChange(
  podSpec: unknown,
  images: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const change: Record<string, { name: string; image: string }[]> = {};
  const known: string[] = [];
  for (const field of ['containers', 'initContainers']) {
    const names = listAt(podSpec, field).flatMap((container) => textAt(container, 'name') ?? []);
    known.push(...names);
    const changed = names.filter((name) => Object.hasOwn(images, name));
    if (changed.length > 0) change[field] = changed.map((name) => ({ name, image: images[name]! }));
  }
  const unknown = Object.keys(images).filter((name) => !known.includes(name));
  if (unknown.length === 0) return change;
  throw new StatusError(
    'BadRequest',
    `there is no container ${unknown.map((name) => `"${name}"`).join(', ')}; there are ${known.join(', ')}`,
  );
}
