import { quantityValue } from '@krateyard/kube/meta/quantity';
import type { UsageSample } from '@krateyard/kube/meta/usage-sample';
import type { VmUsage } from '../contract/vm-api.ts';
import type { Instance } from './machine-types.ts';

const MIB = 2 ** 20;

/** What a running machine uses of what it has; undefined where it is not known how much that is. Pure. */
export function vmUsage(instance: Instance, sample: UsageSample): VmUsage | undefined {
  const [, cores, bytes] = sample;
  const { domain } = instance.spec ?? {};
  const { cores: perSocket = 1, sockets = 1, threads = 1 } = domain?.cpu ?? {};
  const has = domain?.memory?.guest ?? domain?.resources?.requests?.['memory'];
  const memory = has === undefined ? Number.NaN : quantityValue(has);
  if (!(memory > 0)) return undefined;
  return {
    cpuUsage: percent(cores / (perSocket * sockets * threads)),
    memoryUsage: percent(bytes / memory),
    cpuCores: Number(cores.toFixed(3)),
    memoryBytes: Math.round(bytes / MIB) * MIB,
  };
}

/** The pod has more than the guest: what runs it counts too. */
const percent = (share: number): number => Math.max(0, Math.min(100, Math.round(share * 100)));
