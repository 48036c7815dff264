import { navigate } from 'wouter/use-browser-location';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { objectHref } from '@krateyard/ui/page/object-href';
import { toast } from '@krateyard/ui/parts/toasts';
import { askRights } from '@krateyard/ui/rights/use-rights';
import type { VmAction, VmInfo } from '../../contract/vm-api.ts';
import { openScreen } from '../screen/open-screen.ts';
import { openSerial } from '../serial/open-serial.ts';
import { serialStrings } from '../serial/serial-strings.ts';
import { openSnapshotDialog } from '../snapshots/take-snapshot.tsx';
import { MACHINE_KIND } from '../vm-address.ts';
import { actionStrings as strings } from './action-strings.ts';
import { offered, openResize } from './use-machine-actions.ts';
import { fittingActions, MACHINE_ACTIONS, rightsFor } from './vm-action.ts';

const KEYED = [...new Map(MACHINE_ACTIONS.flatMap((one) => (one.keys ? [[one.keys, one] as const] : [])))];

/**
 * The keys on the machines that are chosen, or on the one of the keys. Rights are asked when a key is pressed: asked at every step
 * of `j`, they would be a flood.
 */
export function useMachineKeys(vms: () => readonly VmInfo[]): void {
  const withOne = (run: (vm: VmInfo) => void) => (): void => {
    const [vm] = vms();
    if (vm) run(vm);
  };
  useKeys([
    {
      keys: 'v',
      label: strings.screen,
      group: strings.keys,
      run: withOne((vm) => {
        if (vm.phase === 'Running') openScreen(vm);
        else toast('warn', `${vm.name}: ${strings.screenOff}`);
      }),
    },
    { keys: 's', label: serialStrings.open, group: strings.keys, run: withOne(openSerial) },
    {
      keys: 'y',
      label: strings.yaml,
      group: strings.keys,
      run: withOne(({ namespace, name }) => navigate(objectHref(MACHINE_KIND, namespace, name, 'yaml'))),
    },
    {
      keys: 'C',
      label: strings.changeSize,
      group: strings.keys,
      run: withOne(({ namespace, name }) => openResize(namespace, name)),
    },
    { keys: 'T', label: strings.snapshot, group: strings.keys, run: withOne(openSnapshotDialog) },
    ...KEYED.map(([keys, { label }]) => ({
      keys,
      label: keys === 'P' ? `${strings.labels.pause}, ${strings.labels.unpause.toLowerCase()}` : label,
      group: strings.keys,
      run: () => void tryAction(keys, vms()),
    })),
  ]);
}

/** Of several actions with one key, the first that fits. */
async function tryAction(keys: string, vms: readonly VmInfo[]): Promise<void> {
  const action = fittingActions(vms).find((one) => one.keys === keys);
  if (!action) return;
  const needs = rightsFor(action, vms);
  const [one] = offered([action], vms, [needs], await askRights(needs));
  if (one?.disabled === undefined) one?.run();
  else toast('warn', `${labelOf(action.id, vms)}: ${one.disabled}`);
}

const labelOf = (id: VmAction, vms: readonly VmInfo[]): string =>
  strings.confirm(strings.labels[id], strings.what(vms.map(({ name }) => name)));
