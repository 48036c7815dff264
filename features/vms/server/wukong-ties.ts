import type { KubeObject } from '@krateyard/kube/meta/object';
import { WUKONGS } from './machine-types.ts';

const SUFFIX = '-vm';

/** What the operator calls the machine of a Wukong; keys (`namespace/name`) become keys. */
export const nameOfOwned = (wukong: string): string => `${wukong}${SUFFIX}`;

/** The Wukong that a machine names as its owner. */
export function referredOwner({ metadata }: KubeObject): string | undefined {
  return ownerOfKind(metadata, 'Wukong');
}

/** The Wukong that a machine without any owner would be of, by its name: the operator's first versions set no reference. */
export function namedOwner({ metadata }: KubeObject): string | undefined {
  const { name = '', ownerReferences = [] } = metadata;
  if (ownerReferences.length > 0 || !name.endsWith(SUFFIX) || name.length === SUFFIX.length) return undefined;
  return name.slice(0, -SUFFIX.length);
}

/** The WukongSnapshot by which a snapshot was taken. */
export function takenBy({ metadata }: KubeObject): string | undefined {
  return ownerOfKind(metadata, 'WukongSnapshot');
}

function ownerOfKind({ ownerReferences }: KubeObject['metadata'], kind: string): string | undefined {
  return ownerReferences?.find(
    (owner) => owner.kind === kind && owner.apiVersion.startsWith(`${WUKONGS.group}/`),
  )?.name;
}
