import type { ObjectStore } from '../store/object-store.ts';
import type { Admission } from './admission.ts';
import { qualifiedResource } from './resource-definition.ts';

const IS_DEFAULT = 'storageclass.kubernetes.io/is-default-class';

/** A claim that names no storage class gets the default one. */
export function storageAdmission(store: ObjectStore): Admission {
  return ({ operation, definition, object }) => {
    if (operation !== 'CREATE' || !object || qualifiedResource(definition) !== 'persistentvolumeclaims')
      return;
    const spec = object['spec'] as { storageClassName?: string } | undefined;
    if (!spec || spec.storageClassName !== undefined) return;
    const found = store
      .collection('storageclasses.storage.k8s.io')
      .list()
      .find(({ object: storageClass }) => storageClass.metadata.annotations?.[IS_DEFAULT] === 'true');
    if (found) spec.storageClassName = found.object.metadata.name ?? '';
  };
}
