import type { VmInfo } from '../contract/vm-api.ts';
import type { Wukong } from './machine-types.ts';

/** What of `spec.startStrategy` is to be changed. */
export interface StrategyPatch {
  readonly autoStart: boolean;
  readonly runStrategy?: 'Always';
}

/**
 * What its Wukong must be told so that a machine starts. Undefined where KubeVirt is asked: machines without a Wukong, and those
 * whose Wukong wants them on already and that wait for a request; that stands in the machine's status, which the operator leaves alone.
 */
export function wukongStart(vm: VmInfo, wukong: Wukong | undefined): StrategyPatch | undefined {
  if (vm.wukong === undefined) return undefined;
  if (vm.autoStart !== false && vm.runStrategy !== 'Halted') return undefined;
  // Manual would be on only when somebody asks: let it run as Wukongs do that say nothing.
  const manual = wukong?.spec?.startStrategy?.runStrategy === 'Manual';
  return { autoStart: true, ...(manual && { runStrategy: 'Always' }) };
}

/** The same for its end. A machine that obeys requests is asked, so that it stays one that obeys them. */
export function wukongStop(vm: VmInfo): StrategyPatch | undefined {
  if (vm.wukong === undefined || vm.autoStart === false) return undefined;
  return vm.runStrategy === 'Manual' ? undefined : { autoStart: false };
}

/** What is told while nothing follows from what the Wukong was told. */
export const unheardWukong = (name: string): string =>
  `Nothing has picked up the change of Wukong ${name} yet: is its operator running? This goes on when it does.`;
