import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ObjectStore } from '../store/object-store.ts';
import { quantity } from '../life/quantity.ts';
import type { Admission } from './admission.ts';
import { forbidden } from './api-errors.ts';
import { qualifiedResource, type ResourceDefinition } from './resource-definition.ts';

/** Kinds that quotas count by their plain name; others as `count/resource.group`. */
const COUNTED = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

interface Container {
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

/** Refuses what would use more of a namespace than its ResourceQuotas allow. Usage is counted from the store each time. */
export function quotaAdmission(store: ObjectStore): Admission {
  const quotas = store.collection('resourcequotas');
  return ({ operation, definition, subresource, namespace, name, object }) => {
    if (operation !== 'CREATE' || subresource !== undefined || !object || !definition.namespaced) return;
    for (const { object: one } of quotas.list(namespace)) {
      const { hard = {} } = (one['spec'] ?? {}) as { hard?: Record<string, string> };
      const exceeded = Object.keys(hard)
        .map((resource) => check(store, definition, namespace, object, resource, hard[resource]!))
        .filter((use) => use !== undefined);
      if (exceeded.length === 0) continue;
      const list = (of: 'requested' | 'used' | 'limited'): string =>
        exceeded.map((use) => `${use.resource}=${use[of]}`).join(',');
      throw forbidden(
        definition,
        name,
        `exceeded quota: ${one.metadata.name}, requested: ${list('requested')}, used: ${list('used')}, limited: ${list('limited')}`,
      );
    }
  };
}

interface Excess {
  readonly resource: string;
  readonly requested: string;
  readonly used: string;
  readonly limited: string;
}

function check(
  store: ObjectStore,
  definition: ResourceDefinition,
  namespace: string,
  object: KubeObject,
  resource: string,
  limit: string,
): Excess | undefined {
  const requested = amountOf(definition, object, resource);
  if (requested === 0) return undefined;
  const others = store.collection(definition.storageKey).list(namespace);
  const used = others.reduce((sum, { object: other }) => sum + amountOf(definition, other, resource), 0);
  if (used + requested <= quantity(limit)) return undefined;
  return { resource, requested: String(requested), used: String(used), limited: limit };
}

/** How much of a quota's resource one object takes. */
function amountOf(definition: ResourceDefinition, object: KubeObject, resource: string): number {
  const counted = qualifiedResource(definition);
  if (resource === counted && COUNTED.has(resource)) return isSpent(definition, object) ? 0 : 1;
  if (resource === `count/${counted}`) return 1;
  if (counted !== 'pods' || isSpent(definition, object)) return 0;
  const [kind, name] = resource.includes('.') ? resource.split('.', 2) : ['requests', resource];
  if (kind !== 'requests' && kind !== 'limits') return 0;
  const { containers = [] } = (object['spec'] ?? {}) as { containers?: Container[] };
  return containers.reduce((sum, { resources }) => sum + quantity(resources?.[kind]?.[name ?? ''] ?? '0'), 0);
}

/** Pods that have ended take nothing. */
function isSpent(definition: ResourceDefinition, object: KubeObject): boolean {
  const { phase } = (object['status'] ?? {}) as { phase?: string };
  return qualifiedResource(definition) === 'pods' && (phase === 'Succeeded' || phase === 'Failed');
}
