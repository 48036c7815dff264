import { StatusError, type StatusCause } from '@krateyard/status/status-error';
import type { Admission } from '../api/admission.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { KUBEVIRT_GROUP, SNAPSHOT_GROUP } from './kubevirt-resources.ts';
import type { Restore, Snapshot } from './vm-types.ts';

/** virt-api's webhooks for snapshots and restores: the refusals that 1.7.0 was seen to give. */
export function snapshotAdmission(store: ObjectStore): Admission {
  return ({ operation, definition, subresource, namespace, object }) => {
    if (operation !== 'CREATE' || subresource !== undefined || !object) return;
    if (definition.group !== SNAPSHOT_GROUP) return;
    if (definition.resource === 'virtualmachinesnapshots')
      refuse(definition.resource, referenceProblem('spec.source', (object as Snapshot).spec?.source));
    if (definition.resource === 'virtualmachinerestores')
      refuse(definition.resource, restoreProblem(store, namespace, object as Restore));
  };
}

function restoreProblem(store: ObjectStore, namespace: string, { spec }: Restore): StatusCause | undefined {
  const wrong = referenceProblem('spec.target', spec?.target);
  if (wrong) return wrong;
  const patch = (spec?.patches ?? []).find((one) => !isPatch(one));
  if (patch !== undefined)
    return {
      reason: 'FieldValueInvalid',
      message: `patch format is not valid - one ":" expected in a single key-value json patch: ${patch}`,
      field: 'spec.patches',
    };
  const other = store
    .collection(`virtualmachinerestores.${SNAPSHOT_GROUP}`)
    .list()
    .map(({ object }) => object as Restore)
    .find(
      (one) =>
        one.metadata.namespace === namespace &&
        one.spec.target.name === spec.target.name &&
        one.status?.complete !== true,
    );
  return (
    other && {
      reason: 'FieldValueInvalid',
      message: `VirtualMachineRestore "${other.metadata.name}" in progress`,
      field: 'spec.target',
    }
  );
}

function referenceProblem(
  field: string,
  reference: { readonly apiGroup?: string; readonly kind?: string } | undefined,
): StatusCause | undefined {
  if (!reference) return undefined;
  if (!reference.apiGroup)
    return { reason: 'FieldValueNotFound', message: 'missing apiGroup', field: `${field}.apiGroup` };
  if (reference.apiGroup !== KUBEVIRT_GROUP)
    return { reason: 'FieldValueInvalid', message: 'invalid apiGroup', field: `${field}.apiGroup` };
  if (reference.kind !== 'VirtualMachine')
    return { reason: 'FieldValueInvalid', message: 'invalid kind', field: `${field}.kind` };
  return undefined;
}

function isPatch(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'op' in parsed && 'path' in parsed;
  } catch {
    return false;
  }
}

function refuse(resource: string, cause: StatusCause | undefined): void {
  if (!cause) return;
  const webhook = `${resource.replace(/s$/, '')}-validator.${SNAPSHOT_GROUP}`;
  const message = `admission webhook "${webhook}" denied the request: ${cause.message}`;
  throw new StatusError('Invalid', message, { details: { causes: [cause] } });
}
