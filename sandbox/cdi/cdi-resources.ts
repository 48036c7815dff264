import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Condition } from '../life/pod-types.ts';

export const CDI_GROUP = 'cdi.kubevirt.io';

const cdi = (resource: string): GroupVersionResource => ({ group: CDI_GROUP, version: 'v1beta1', resource });

export const DATA_VOLUMES = cdi('datavolumes');
export const DATA_SOURCES = cdi('datasources');

interface Requested {
  accessModes?: string[];
  storageClassName?: string;
  volumeMode?: string;
  resources?: { requests?: { storage?: string } };
}

/** cdi.kubevirt.io/v1beta1 DataVolume: a claim and what fills it. */
export interface DataVolume extends KubeObject {
  spec?: {
    source?: {
      http?: { url?: string };
      registry?: { url?: string };
      pvc?: { name?: string; namespace?: string };
      blank?: object;
    };
    sourceRef?: { kind?: string; name?: string; namespace?: string };
    storage?: Requested;
    pvc?: Requested;
  };
  status?: {
    phase?: string;
    progress?: string;
    claimName?: string;
    restartCount?: number;
    conditions?: Condition[];
  };
}

export interface DataSource extends KubeObject {
  spec?: { source?: { pvc?: { name?: string; namespace?: string } } };
}
