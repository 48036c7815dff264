import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { Collections } from '../life/collections.ts';
import type { ControllerContext } from '../life/controller-context.ts';
import { DATA_SOURCES, DATA_VOLUMES } from './cdi-resources.ts';
import { addDataVolumeController } from './data-volume-controller.ts';

/** The importer comes to life when its kinds are served, whoever brought their definitions. */
export function addCdi(context: ControllerContext, collections: Collections): void {
  const wanted = new Set([DATA_VOLUMES, DATA_SOURCES].map(formatGvr));
  collections.forEach(({ gvr }) => {
    if (wanted.delete(formatGvr(gvr)) && wanted.size === 0) addDataVolumeController(context);
  });
}
