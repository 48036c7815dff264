import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ControllerContext } from '../life/controller-context.ts';
import { ownerReference } from '../life/pod-state.ts';
import { RESOURCES } from '../life/resources.ts';
import { DATA_VOLUMES, type DataVolume } from '../cdi/cdi-resources.ts';
import { CREATED_BY_LABEL } from './kubevirt-resources.ts';
import type { VirtualMachine } from './vm-types.ts';

/** Makes the DataVolumes of a machine's templates, also of one that is off. */
export async function ensureDataVolumes(context: ControllerContext, vm: VirtualMachine): Promise<void> {
  const { namespace, uid = '' } = vm.metadata;
  const known = context.world.mirror<DataVolume>(DATA_VOLUMES);
  for (const { metadata, spec } of vm.spec.dataVolumeTemplates ?? []) {
    if (known.get(`${namespace}/${metadata.name}`)) continue;
    await context.world.ensure<KubeObject>(DATA_VOLUMES, {
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataVolume',
      metadata: {
        ...metadata,
        ...(namespace !== undefined && { namespace }),
        labels: { ...metadata.labels, [CREATED_BY_LABEL]: uid },
        ownerReferences: [ownerReference(vm, 'kubevirt.io/v1', 'VirtualMachine')],
      },
      spec: structuredClone(spec),
    });
  }
}

/** How far its DataVolumes are, in words of the machine's printable status; undefined: they are filled, or it has none. */
export function volumesStatus(
  context: ControllerContext,
  vm: VirtualMachine,
): 'Provisioning' | 'DataVolumeError' | undefined {
  const { namespace } = vm.metadata;
  const names = (vm.spec.template.spec.volumes ?? []).flatMap(({ dataVolume }) => dataVolume?.name ?? []);
  const known = context.world.mirror<DataVolume>(DATA_VOLUMES);
  const claims = context.world.mirror(RESOURCES.persistentVolumeClaims);
  const waiting = names
    .map((name) => `${namespace}/${name}`)
    .filter((key) => (known.get(key) ? known.get(key)?.status?.phase !== 'Succeeded' : !claims.get(key)))
    .map((key) => known.get(key));
  if (waiting.some((one) => one && hasFailed(one))) return 'DataVolumeError';
  return waiting.length === 0 ? undefined : 'Provisioning';
}

function hasFailed({ status }: DataVolume): boolean {
  if (status?.phase === 'Failed') return true;
  return (status?.conditions ?? []).some(
    ({ type, status: is, reason }) => type === 'Running' && is === 'False' && reason === 'Error',
  );
}
