import type { IconName } from '@krateyard/ui/parts/icon.tsx';
import type { NeededRight } from '@krateyard/ui/rights/access-check';
import type { VmAction, VmInfo } from '../../contract/vm-api.ts';
import { shortReason } from '../machine-why.ts';
import { actionStrings as strings } from './action-strings.ts';

/** Something that can be asked of machines. */
export interface MachineAction {
  readonly id: VmAction;
  readonly label: string;
  readonly icon: IconName;
  readonly keys?: string;
  readonly group: 'power' | 'move' | 'destroy';
  /** Whether it stands in the menu of one machine at all. */
  readonly fits: (vm: VmInfo) => boolean;
  /** Why it cannot be done now; undefined when it can. Pure and fast. */
  readonly blocked: (vm: VmInfo) => string | undefined;
  readonly right: (vm: VmInfo) => NeededRight;
}

const always = (): boolean => true;
const isOff = ({ phase }: VmInfo): boolean => phase === '' || phase === 'Succeeded' || phase === 'Failed';
const runs = ({ phase }: VmInfo): boolean => phase === 'Running';

const right =
  (resource: 'virtualmachines' | 'virtualmachineinstances', subresource: string) =>
  ({ namespace, name }: VmInfo): NeededRight => ({
    verb: 'update',
    group: 'subresources.kubevirt.io',
    resource,
    subresource,
    namespace,
    name,
  });

/** Start and stop of what Wukong owns go through the Wukong. */
const power =
  (subresource: 'start' | 'stop') =>
  (vm: VmInfo): NeededRight =>
    vm.wukong === undefined
      ? right('virtualmachines', subresource)(vm)
      : {
          verb: 'patch',
          group: 'vm.novasphere.dev',
          resource: 'wukongs',
          namespace: vm.namespace,
          name: vm.wukong,
        };

/** What stands in the way of all of them. */
function busyBecause(vm: VmInfo): string | undefined {
  if (vm.status === 'Terminating') return strings.terminating;
  return vm.restoreInProgress === undefined ? undefined : strings.restoring;
}

const onBecause = (vm: VmInfo): string => (runs(vm) ? strings.isOn : strings.isComing(shortReason(vm)));

const whenRunning = (vm: VmInfo): string | undefined =>
  busyBecause(vm) ?? (runs(vm) ? undefined : isOff(vm) ? strings.isOff : strings.notUp(vm.status));

function whyNotMigrate(vm: VmInfo): string | undefined {
  if (vm.status === 'Migrating') return strings.migrating;
  return whenRunning(vm) ?? (vm.migratable ? undefined : strings.notMigratable);
}

/** In the order of menus. */
export const MACHINE_ACTIONS: readonly MachineAction[] = [
  {
    id: 'start',
    label: strings.labels.start,
    icon: 'play',
    keys: 'B',
    group: 'power',
    fits: always,
    blocked: (vm) => busyBecause(vm) ?? (isOff(vm) ? undefined : onBecause(vm)),
    right: power('start'),
  },
  {
    id: 'stop',
    label: strings.labels.stop,
    icon: 'power',
    keys: 'H',
    group: 'power',
    fits: always,
    blocked: (vm) =>
      busyBecause(vm) ??
      (vm.status === 'Stopping'
        ? strings.stopping
        : isOff(vm) && vm.status === 'Stopped'
          ? strings.isOffAlready
          : undefined),
    right: power('stop'),
  },
  {
    id: 'restart',
    label: strings.labels.restart,
    icon: 'history',
    keys: 'R',
    group: 'power',
    fits: always,
    blocked: whenRunning,
    right: right('virtualmachines', 'restart'),
  },
  {
    id: 'pause',
    label: strings.labels.pause,
    icon: 'pause',
    keys: 'P',
    group: 'power',
    fits: ({ paused }) => !paused,
    blocked: (vm) => whenRunning(vm) ?? (vm.paused ? strings.paused : undefined),
    right: right('virtualmachineinstances', 'pause'),
  },
  {
    id: 'unpause',
    label: strings.labels.unpause,
    icon: 'play',
    keys: 'P',
    group: 'power',
    fits: ({ paused }) => paused,
    blocked: (vm) => busyBecause(vm) ?? (vm.paused ? undefined : strings.notPaused),
    right: right('virtualmachineinstances', 'unpause'),
  },
  {
    id: 'reset',
    label: strings.labels.reset,
    icon: 'reset',
    group: 'power',
    fits: always,
    blocked: whenRunning,
    right: right('virtualmachineinstances', 'reset'),
  },
  {
    id: 'migrate',
    label: strings.labels.migrate,
    icon: 'move',
    keys: 'M',
    group: 'move',
    fits: always,
    blocked: whyNotMigrate,
    right: right('virtualmachines', 'migrate'),
  },
  {
    id: 'delete',
    label: strings.labels.delete,
    icon: 'trash',
    keys: 'd',
    group: 'destroy',
    fits: always,
    blocked: ({ status }) => (status === 'Terminating' ? strings.terminating : undefined),
    right: ({ namespace, name }) => ({
      verb: 'delete',
      group: 'kubevirt.io',
      resource: 'virtualmachines',
      namespace,
      name,
    }),
  },
];

/** Of one, what fits it; of several, whatever fits one of them. */
export const fittingActions = (vms: readonly VmInfo[]): readonly MachineAction[] =>
  MACHINE_ACTIONS.filter(({ fits }) => vms.some((vm) => fits(vm)));

/** Those that it can be done to now. */
export const ableTo = ({ fits, blocked }: MachineAction, vms: readonly VmInfo[]): readonly VmInfo[] =>
  vms.filter((vm) => fits(vm) && blocked(vm) === undefined);

/** Why it cannot be done to any of these. */
export function blockedForAll(action: MachineAction, vms: readonly VmInfo[]): string | undefined {
  if (ableTo(action, vms).length > 0) return undefined;
  const [first] = vms;
  const why = first && (action.blocked(first) ?? strings.fitsNone);
  return vms.length === 1 || why === undefined ? why : strings.forNone(why);
}

/** Questions about many machines: by namespace, as names would be too many. */
export function rightsFor(action: MachineAction, vms: readonly VmInfo[]): readonly NeededRight[] {
  const needs = vms.map((vm) => {
    const { name, ...rest } = action.right(vm);
    return vms.length === 1 && name !== undefined ? { ...rest, name } : rest;
  });
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}
