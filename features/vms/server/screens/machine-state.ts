import type { ScreenState } from '../../contract/screen-protocol.ts';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { MachineParts } from '../machine-types.ts';
import { groupOf } from '../vm-view.ts';

export interface ToldState {
  readonly state: ScreenState;
  readonly message: string;
}

/** What the machine lets be seen of it: nothing, or a screen, of which it may have more to say than that it is there. */
export type MachineState =
  | { readonly is: 'off'; readonly told: ToldState }
  | { readonly is: 'on'; readonly told: ToldState | undefined };

/** Pure. */
export function machineState(vm: VmInfo, parts: MachineParts): MachineState {
  const { vm: wanted, instance } = parts;
  if (isScreenless(parts)) return { is: 'off', told: { state: 'unavailable', message: SCREENLESS } };
  if (vm.phase === 'Running') return { is: 'on', told: runningState(vm, instance?.status?.migrationState) };
  const requests = wanted.status?.stateChangeRequests ?? [];
  return {
    is: 'off',
    told: offState(
      vm,
      requests.some(({ action }) => action === 'Start'),
    ),
  };
}

export const SCREENLESS = 'It has no screen: its graphics device is switched off (autoattachGraphicsDevice).';

/** True for a machine that was made, or runs, without a graphics device. */
export function isScreenless({ vm, instance }: MachineParts): boolean {
  const spec = instance?.spec ?? vm.spec?.template?.spec;
  return spec?.domain?.devices?.autoattachGraphicsDevice === false;
}

type Migration = NonNullable<NonNullable<MachineParts['instance']>['status']>['migrationState'];

function runningState(vm: VmInfo, migration: Migration): ToldState | undefined {
  if (migration && migration.completed !== true && migration.failed !== true) {
    const from = migration.sourceNode ?? vm.nodeName;
    const to = migration.targetNode ?? 'another node';
    return { state: 'migrating', message: `Migrating from ${from} to ${to}.` };
  }
  if (!vm.paused) return undefined;
  return { state: 'paused', message: 'Paused: the picture stands still until it is resumed.' };
}

/** Runs again by itself, whatever it does now. */
const STARTED_ANEW: ReadonlySet<string> = new Set(['Always', 'RerunOnFailure']);
const ON_ITS_WAY: ReadonlySet<string> = new Set(['Starting', 'Provisioning', 'WaitingForVolumeBinding']);

function offState(vm: VmInfo, startIsAskedFor: boolean): ToldState {
  const why = vm.reason === '' ? '' : ` ${vm.reason}`;
  if (groupOf(vm.status) === 'error')
    return { state: 'unavailable', message: `It does not run: ${vm.status}.${why}` };
  const comes = startIsAskedFor || ON_ITS_WAY.has(vm.status);
  if (comes || (vm.status !== 'Stopped' && STARTED_ANEW.has(vm.runStrategy)))
    return { state: 'restarting', message: `Its screen comes back when it runs: ${vm.status}.${why}` };
  if (vm.status === 'Stopped')
    return { state: 'stopped', message: 'It is off. Start it, and its screen comes back.' };
  return { state: 'stopped', message: `It is not running: ${vm.status}.${why}` };
}
