import { useMemo } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { statusOf } from '@krateyard/ui/live/api-client';
import { loadPart } from '@krateyard/ui/page/load-part';
import { objectHref } from '@krateyard/ui/page/object-href';
import type { MenuItem } from '@krateyard/ui/parts/menu.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import type { NeededRight } from '@krateyard/ui/rights/access-check';
import { refusalOf } from '@krateyard/ui/rights/refusal-of';
import type { Right } from '@krateyard/ui/rights/rights-book';
import { useRights } from '@krateyard/ui/rights/use-rights';
import type { VmInfo } from '../../contract/vm-api.ts';
import { createHref } from '../create/create-address.ts';
import { openScreen } from '../screen/open-screen.ts';
import { openSerial } from '../serial/open-serial.ts';
import { serialStrings } from '../serial/serial-strings.ts';
import { openSnapshotDialog, SNAPSHOT_RIGHT } from '../snapshots/take-snapshot.tsx';
import { MACHINE_KIND, vmHref } from '../vm-address.ts';
import { actionStrings as strings } from './action-strings.ts';
import { runAction } from './run-action.tsx';
import { ableTo, blockedForAll, fittingActions, rightsFor, type MachineAction } from './vm-action.ts';

/** One action on these machines, with why it cannot be done. */
export interface OfferedAction {
  readonly action: MachineAction;
  /** With how many of them it concerns, where that is not all. */
  readonly label: string;
  readonly disabled: string | undefined;
  readonly run: () => void;
}

/** What can be done to these, in menu order; rights are asked when the machines are first seen. */
export function useMachineActions(vms: readonly VmInfo[]): readonly OfferedAction[] {
  const fitting = useMemo(() => fittingActions(vms), [vms]);
  const needs = useMemo(() => fitting.map((action) => rightsFor(action, vms)), [fitting, vms]);
  const rights = useRights(useMemo(() => needs.flat(), [needs]));
  return offered(fitting, vms, needs, rights);
}

export function offered(
  actions: readonly MachineAction[],
  vms: readonly VmInfo[],
  needs: readonly (readonly NeededRight[])[],
  rights: readonly Right[],
): readonly OfferedAction[] {
  let at = 0;
  return actions.map((action, index) => {
    const own = rights.slice(at, (at += needs[index]!.length));
    const able = ableTo(action, vms).length;
    return {
      action,
      label: able === 0 || able === vms.length ? action.label : strings.some(action.label, able, vms.length),
      disabled: blockedForAll(action, vms) ?? refusalOf(...own),
      run: () => runAction(action, vms),
    };
  });
}

/** All that the menu of a machine, or of several, has. */
export function useMachineMenu(vms: readonly VmInfo[]): readonly MenuItem[] {
  const power = useMachineActions(vms);
  const [snapshotRight] = useRights(
    useMemo(() => vms.slice(0, 1).map(({ namespace }) => ({ ...SNAPSHOT_RIGHT, namespace })), [vms]),
  );
  const items = power.map(({ action, label, disabled, run }): MenuItem => ({
    id: action.id,
    label,
    icon: action.icon,
    keys: action.keys,
    group: action.group,
    tone: action.group === 'destroy' ? 'bad' : undefined,
    disabled,
    run,
  }));
  const [vm] = vms;
  if (!vm || vms.length !== 1) return items;
  const refused = refusalOf(snapshotRight);
  const destroy = items.filter(({ group }) => group === 'destroy');
  const snapshot: MenuItem = {
    id: 'snapshot',
    label: strings.snapshot,
    icon: 'camera',
    keys: 'T',
    group: 'move',
    disabled: refused,
    run: () => openSnapshotDialog(vm),
  };
  return [
    ...openItems(vm),
    ...items.filter(({ group }) => group !== 'destroy'),
    snapshot,
    ...changeItems(vm),
    ...destroy,
  ];
}

function changeItems({ namespace, name, status }: VmInfo): readonly MenuItem[] {
  return [
    {
      id: 'resize',
      label: strings.changeSize,
      icon: 'scale',
      keys: 'C',
      group: 'change',
      disabled: status === 'Terminating' ? strings.terminating : undefined,
      run: () => openResize(namespace, name),
    },
    {
      id: 'another',
      label: strings.another,
      icon: 'copy',
      group: 'change',
      run: () => navigate(createHref(namespace, name)),
    },
  ];
}

/** The dialog comes with its first use. */
export function openResize(namespace: string, name: string): void {
  loadPart(() => import('../create/resize-dialog.tsx')).then(
    ({ openResizeDialog }) => openResizeDialog(namespace, name),
    (error: unknown) => toast('bad', statusOf(error).message),
  );
}

function openItems(vm: VmInfo): readonly MenuItem[] {
  const { namespace, name } = vm;
  return [
    {
      id: 'page',
      label: strings.page,
      icon: 'machine',
      keys: 'Enter',
      group: 'open',
      run: () => navigate(vmHref(namespace, name)),
    },
    {
      id: 'screen',
      label: strings.screen,
      icon: 'screen',
      keys: 'v',
      group: 'open',
      disabled: vm.phase === 'Running' ? undefined : strings.screenOff,
      run: () => openScreen({ namespace, name }),
    },
    {
      id: 'serial',
      label: serialStrings.open,
      icon: 'terminal',
      keys: 's',
      group: 'open',
      run: () => openSerial({ namespace, name }),
    },
    {
      id: 'yaml',
      label: strings.yaml,
      icon: 'lines',
      keys: 'y',
      group: 'open',
      run: () => navigate(objectHref(MACHINE_KIND, namespace, name, 'yaml')),
    },
  ];
}
