import { navigate } from 'wouter/use-browser-location';
import { requestJson } from '@krateyard/ui/live/api-client';
import { askRights } from '@krateyard/ui/rights/use-rights';
import { rankEntry } from '@krateyard/ui/spotlight/spotlight-rank';
import type { SpotlightEntry } from '@krateyard/ui/room';
import type { VmInfo } from '../contract/vm-api.ts';
import { actionStrings } from './actions/action-strings.ts';
import { offered } from './actions/use-machine-actions.ts';
import { fittingActions, rightsFor } from './actions/vm-action.ts';
import { machineWord } from './machine-why.ts';
import { openScreen } from './screen/open-screen.ts';
import { openSerial } from './serial/open-serial.ts';
import { serialStrings } from './serial/serial-strings.ts';
import { vmHref } from './vm-address.ts';
import { vmStrings as strings } from './vm-strings.ts';

/** Machines by name, with what can be done with them. Nothing where there is no KubeVirt, or no right. */
export async function findMachines(
  text: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly SpotlightEntry[]> {
  if (text.trim() === '') return [];
  const query = new URLSearchParams({ namespace: '*', search: text, limit: String(limit) });
  const found = await requestJson<readonly VmInfo[]>(`/api/vms?${query.toString()}`, { signal }).catch(
    () => [],
  );
  signal.throwIfAborted();
  return found.map((vm) => entryOf(vm, text));
}

function entryOf(vm: VmInfo, typed: string): SpotlightEntry {
  const { namespace, name, status } = vm;
  const path = vmHref(namespace, name);
  return {
    id: `vms ${namespace}/${name}`,
    title: name,
    hint: strings.machineIn(namespace),
    icon: 'machine',
    group: strings.room,
    status: { word: machineWord(vm), text: status },
    // Its own page before the pages of the objects that it is made of.
    rank: rankEntry({ title: name }, typed) * 1.01,
    path,
    run: () => navigate(path),
    actions: () => actionsOn(vm),
  };
}

/** Those of its menu; what may not be done stays and says why. */
async function actionsOn(vm: VmInfo): Promise<readonly SpotlightEntry[]> {
  const { namespace, name, phase } = vm;
  const actions = fittingActions([vm]);
  const needs = actions.map((action) => rightsFor(action, [vm]));
  const rights = await askRights(needs.flat());
  const screen: SpotlightEntry = {
    id: 'screen',
    title: actionStrings.screen,
    icon: 'screen',
    group: strings.actions,
    keys: 'v',
    disabled: phase === 'Running' ? undefined : actionStrings.screenOff,
    run: () => openScreen({ namespace, name }),
  };
  const serial: SpotlightEntry = {
    id: 'serial',
    title: serialStrings.open,
    icon: 'terminal',
    group: strings.actions,
    keys: 's',
    run: () => openSerial({ namespace, name }),
  };
  return [
    screen,
    serial,
    ...offered(actions, [vm], needs, rights).map(({ action, label, disabled, run }) => ({
      id: action.id,
      title: label,
      icon: action.icon,
      group: strings.actions,
      ...(action.keys !== undefined && { keys: action.keys }),
      disabled,
      run,
    })),
  ];
}
