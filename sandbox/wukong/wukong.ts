import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { Collections } from '../life/collections.ts';
import type { ControllerContext } from '../life/controller-context.ts';
import { KUBEVIRT } from '../kubevirt/kubevirt-resources.ts';
import { addWukongController } from './wukong-controller.ts';
import { DATA_VOLUMES, WUKONG } from './wukong-resources.ts';
import { addWukongSnapshotController } from './wukong-snapshot-controller.ts';

/**
 * Wukong's operator comes to life when its kinds and KubeVirt's are served, whoever brought their definitions: machines with
 * the first kind, snapshots with the second.
 */
export function addWukong(context: ControllerContext, collections: Collections): void {
  const served = new Set<string>();
  const has = (...gvrs: readonly (typeof DATA_VOLUMES)[]): boolean =>
    gvrs.every((gvr) => served.has(formatGvr(gvr)));
  let onImporter: (() => void) | undefined;
  let told = false;
  let snapshots = false;
  collections.forEach(({ gvr }) => {
    served.add(formatGvr(gvr));
    if (!onImporter && has(WUKONG.wukongs, KUBEVIRT.virtualMachines, KUBEVIRT.instances))
      onImporter = addWukongController(context, () => has(DATA_VOLUMES));
    if (onImporter && !told && has(DATA_VOLUMES)) {
      told = true;
      onImporter();
    }
    if (onImporter && !snapshots && has(WUKONG.snapshots, KUBEVIRT.snapshots)) {
      snapshots = true;
      addWukongSnapshotController(context);
    }
  });
}
