import type { ObjectStore } from '../store/object-store.ts';
import { forbidden, notFound } from './api-errors.ts';
import type { Admission } from './admission.ts';

const NAMESPACES = { resource: 'namespaces', group: '' } as const;
/** Namespaces that cannot be deleted, as too much is built on them. */
const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is made in a namespace that is not there or that is going away. */
export function namespaceLifecycle(store: ObjectStore): Admission {
  const namespaces = store.collection('namespaces');
  return ({ operation, definition, namespace, name }) => {
    if (
      operation === 'DELETE' &&
      definition.group === '' &&
      definition.resource === 'namespaces' &&
      IMMORTAL.has(name)
    )
      throw forbidden(NAMESPACES, name, 'this namespace may not be deleted');
    if (operation !== 'CREATE' || !definition.namespaced) return;
    const found = namespaces.get(namespace);
    if (!found) throw notFound(NAMESPACES, namespace);
    if (found.object.metadata.deletionTimestamp !== undefined)
      throw forbidden(
        definition,
        name,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
        [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      );
  };
}
