import { condition, isDeleting } from '../life/pod-state.ts';
import type { Condition } from '../life/pod-types.ts';
import { isFinal } from './instance-controller.ts';
import type { Instance, RunStrategy, VirtualMachine } from './vm-types.ts';

/** `running` is the old way to say Always or Halted. */
export function runStrategyOf({ spec }: VirtualMachine): RunStrategy {
  return spec.runStrategy ?? (spec.running === true ? 'Always' : 'Halted');
}

/** The word in kubectl's Status column. */
export function printableStatus(vm: VirtualMachine, instance: Instance | undefined): string {
  if (isDeleting(vm)) return 'Terminating';
  if (!instance || isFinal(instance)) return statusWithout(vm);
  if (isDeleting(instance)) return 'Stopping';
  if (instance.status?.phase === 'Running') return statusOfRunning(instance);
  const scheduled = condition(instance, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') return 'ErrorUnschedulable';
  if (condition(instance, 'Synchronized')?.reason === 'FailedPvcNotFound') return 'ErrorPvcNotFound';
  return 'Starting';
}

function statusWithout(vm: VirtualMachine): string {
  if (vm.status?.startFailure && runStrategyOf(vm) !== 'Halted') return 'CrashLoopBackOff';
  const starts = vm.status?.stateChangeRequests?.some(({ action }) => action === 'Start');
  return starts || runStrategyOf(vm) === 'Always' ? 'Starting' : 'Stopped';
}

function statusOfRunning(instance: Instance): string {
  const migration = instance.status?.migrationState;
  if (migration && !migration.completed && migration.startTimestamp !== undefined) return 'Migrating';
  return condition(instance, 'Paused')?.status === 'True' ? 'Paused' : 'Running';
}

/** The machine's conditions: those of its instance that matter to it. */
export function vmConditions(instance: Instance | undefined): Condition[] {
  if (!instance)
    return [{ type: 'Ready', status: 'False', reason: 'VMINotExists', message: 'VMI does not exist' }];
  const kept = new Set(['Ready', 'Paused', 'LiveMigratable', 'Synchronized', 'PodScheduled']);
  return (instance.status?.conditions ?? []).filter(({ type }) => kept.has(type));
}

/** What of the template the instance cannot take while it runs, in KubeVirt's words; it takes more sockets. */
export function restartCondition(vm: VirtualMachine, instance: Instance): Condition | undefined {
  if (vm.spec.instancetype || isFinal(instance) || isDeleting(instance)) return undefined;
  const { cpu = {}, memory } = vm.spec.template.spec.domain ?? {};
  const has = instance.spec.domain ?? {};
  const told = (message: string): Condition => ({ type: 'RestartRequired', status: 'True', message });
  if ((memory?.guest ?? '') !== (has.memory?.guest ?? ''))
    return told('memory updated in template spec. Memory-hotplug is not available for this VM configuration');
  const { cores = 1, threads = 1, sockets = 1 } = cpu;
  const { cores: hadCores = 1, threads: hadThreads = 1, sockets: hadSockets = 1 } = has.cpu ?? {};
  if (cores !== hadCores || threads !== hadThreads)
    return told('a non-live-updatable field was changed in the template spec');
  return sockets < hadSockets ? told('Reduction of CPU socket count requires a restart') : undefined;
}
