import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { ResourceRegistry } from '../api/resource-registry.ts';
import type { Collections } from '../life/collections.ts';
import type { ControllerContext } from '../life/controller-context.ts';
import type { Guests } from './guest/guests.ts';
import { addInstanceController } from './instance-controller.ts';
import { KUBEVIRT, SUBRESOURCES_GROUP } from './kubevirt-resources.ts';
import { addMigrationController } from './migration-controller.ts';
import { addRestoreController } from './restore-controller.ts';
import { Served } from './served.ts';
import { addSnapshotController } from './snapshot-controller.ts';
import { SUBRESOURCE_DEFINITIONS } from './vm-endpoints.ts';
import { addVirtualMachineController } from './vm-controller.ts';

/**
 * KubeVirt comes to life when its kinds are served, whoever brought their definitions: the demo scene, or kubectl. Its API for
 * start, stop and screens appears with them.
 */
export function addKubeVirt(
  context: ControllerContext,
  parts: { collections: Collections; guests: Guests; registry: Pick<ResourceRegistry, 'setCustom'> },
): void {
  const wanted = new Set(Object.values(KUBEVIRT).map((gvr: GroupVersionResource) => formatGvr(gvr)));
  const served = new Served();
  parts.collections.forEach(({ gvr }) => {
    served.add(gvr);
    if (!wanted.delete(formatGvr(gvr)) || wanted.size > 0) return;
    addVirtualMachineController(context, served);
    addInstanceController(context, parts.guests);
    addMigrationController(context, parts.guests);
    addSnapshotController(context);
    addRestoreController(context);
    parts.registry.setCustom(SUBRESOURCES_GROUP, SUBRESOURCE_DEFINITIONS);
  });
}
