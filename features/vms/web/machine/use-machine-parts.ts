import { useMemo } from 'react';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { useCollection } from '@krateyard/ui/live/use-collection';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { ConditionLine } from '../machine-why.ts';
import { MACHINE_KIND } from '../vm-address.ts';
import { vmStrings } from '../vm-strings.ts';
import { conditionsOf, waitingOf } from './conditions.ts';
import { mergedEvents, type MachineEvent } from './machine-events.ts';
import { useNamed } from './use-named.ts';

export const INSTANCE_KIND = 'kubevirt.io/v1/virtualmachineinstances';

/** The conditions of a machine, its instance and its launcher pod, as far as they may be read; the most telling first. */
export function useConditions(vm: VmInfo): readonly ConditionLine[] {
  const { namespace, name, pod = '' } = vm;
  const machine = useNamed(MACHINE_KIND, namespace, name).object;
  const instance = useNamed(INSTANCE_KIND, namespace, name).object;
  const launcher = useNamed('pods', namespace, pod).object;
  const { parts } = vmStrings;
  return useMemo(
    () => [
      ...waitingOf(parts.pod, launcher),
      ...conditionsOf(parts.pod, launcher),
      ...conditionsOf(parts.instance, instance),
      ...conditionsOf(parts.machine, machine),
    ],
    [launcher, instance, machine, parts],
  );
}

/** What was said about the machine, its instance and its launcher pod. */
export function useMachineEvents({ namespace, name, pod = '' }: VmInfo): readonly MachineEvent[] {
  const machine = useEventsOf('VirtualMachine', namespace, name);
  const instance = useEventsOf('VirtualMachineInstance', namespace, name);
  const launcher = useEventsOf('Pod', namespace, pod);
  return useMemo(() => mergedEvents([...machine, ...instance, ...launcher]), [machine, instance, launcher]);
}

const MOST_EVENTS = 200;

function useEventsOf(kind: string, namespace: string, name: string): readonly LiveObject[] {
  const query = useMemo(
    () => ({
      kind: 'events',
      namespaces: [namespace],
      fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
    }),
    [kind, namespace, name],
  );
  const { view } = useCollection(query, '-last-seen', MOST_EVENTS);
  return useMemo(() => view.rows.map(({ object }) => object), [view.rows]);
}
