import type { Collection } from '@krateyard/kube/cache/cache';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Condition, Instance, MachineSpec, VirtualMachine } from '../machine-types.ts';

/** What became of a change of something that runs. */
export interface Landing {
  readonly restartRequired: boolean;
  /** KubeVirt's words; '' where there is nothing to say. */
  readonly reason: string;
}

export interface Sources {
  readonly machines: Collection<VirtualMachine>;
  readonly instances: Collection<Instance>;
  readonly key: string;
  readonly clock: Clock;
  readonly deadlineMs: number;
}

const DONE: Landing = { restartRequired: false, reason: '' };
const UNTOLD: Landing = {
  restartRequired: true,
  reason:
    'KubeVirt has not said yet whether it takes the change while the machine runs; a restart makes sure.',
};

/** Resolves when KubeVirt says what it does about the change, at the latest at the deadline. At once where nothing runs. */
export function landingOf(
  sources: Sources,
  before: VirtualMachine,
  after: VirtualMachine,
  signal: AbortSignal,
): Promise<Landing> {
  const { machines, instances, key, clock, deadlineMs } = sources;
  if (!instances.get(key) || before.metadata.generation === after.metadata.generation)
    return Promise.resolve(DONE);
  if (sameSize(sizeOf(before), sizeOf(after))) return Promise.resolve(told(machines.get(key)) ?? DONE);
  const { promise, resolve } = Promise.withResolvers<Landing>();
  const look = (): void => {
    const found = landed(machines.get(key), instances.get(key), before, after);
    if (found) resolve(found);
  };
  const onChanges = (changes: readonly { readonly key: string }[]): void => {
    if (changes.some((one) => one.key === key)) look();
  };
  const stops = [machines.observe({ onChanges }), instances.observe({ onChanges })];
  const cancel = clock.after(deadlineMs, () => resolve(UNTOLD));
  const onAbort = (): void => resolve(UNTOLD);
  signal.addEventListener('abort', onAbort, { once: true });
  look();
  return promise.finally(() => {
    for (const stop of stops) stop();
    cancel();
    signal.removeEventListener('abort', onAbort);
  });
}

/** Pure: what the machine and its instance say by now; undefined where that is not enough. */
export function landed(
  vm: VirtualMachine | undefined,
  instance: Instance | undefined,
  before: VirtualMachine,
  after: VirtualMachine,
): Landing | undefined {
  if (!vm || !instance) return DONE;
  const restart = told(vm);
  if (restart) return restart;
  const [old, wanted, has] = [sizeOf(before), sizeOf(after), domainSize(instance.spec ?? {})];
  const hot = (type: string): boolean =>
    conditionOf(vm, type)?.status === 'True' || conditionOf(instance, type)?.status === 'True';
  const cpu = wanted.cpu === old.cpu || wanted.cpu === has.cpu || hot('HotVCPUChange');
  const memory = wanted.memory === old.memory || wanted.memory === has.memory || hot('HotMemoryChange');
  return cpu && memory ? DONE : undefined;
}

function told(vm: VirtualMachine | undefined): Landing | undefined {
  const restart = conditionOf(vm, 'RestartRequired');
  return restart?.status === 'True' ? { restartRequired: true, reason: restart.message ?? '' } : undefined;
}

const conditionOf = (object: VirtualMachine | Instance | undefined, type: string): Condition | undefined =>
  object?.status?.conditions?.find((one) => one.type === type);

interface Size {
  readonly cpu: number;
  readonly memory: number;
}

const sizeOf = (vm: VirtualMachine): Size => domainSize(vm.spec?.template?.spec ?? {});
const sameSize = (a: Size, b: Size): boolean => a.cpu === b.cpu && a.memory === b.memory;

function domainSize({ domain }: MachineSpec): Size {
  const { cores = 1, sockets = 1, threads = 1 } = domain?.cpu ?? {};
  const memory = domain?.memory?.guest ?? domain?.resources?.requests?.['memory'] ?? '0';
  return { cpu: cores * sockets * threads, memory: quantityValue(memory) || 0 };
}
