import { parseQuantity, formatQuantity as exact, type Quantity } from '@krateyard/kube/meta/quantity';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { at, fieldsAt, listAt, textAt } from '../../../contract/columns/read.ts';
import { conditionOf, whyOf } from './conditions.ts';
import type { Verdict } from './verdict.ts';

export interface NodeResource {
  readonly name: string;
  readonly capacity: string;
  readonly allocatable: string;
  readonly requested: string;
  readonly limits: string;
  /** Of what is allocatable. */
  readonly share: number;
}

/** What a node has and what its pods have asked for. Pods that have ended ask for nothing. */
export function nodeResources(node: LiveObject, pods: readonly LiveObject[]): readonly NodeResource[] {
  const capacity = fieldsAt(node, 'status', 'capacity');
  const allocatable = fieldsAt(node, 'status', 'allocatable');
  const alive = pods.filter((pod) => !ENDED.has(textAt(pod, 'status', 'phase') ?? ''));
  return Object.keys(capacity)
    .map((name) => {
      const requested =
        name === 'pods'
          ? { nano: BigInt(alive.length) * BILLION, format: 'DecimalSI' as const }
          : sum(alive, 'requests', name);
      const limits = sum(alive, 'limits', name);
      const whole = parseQuantity(textAt(allocatable, name) ?? '0')?.nano ?? 0n;
      return {
        name,
        capacity: textAt(capacity, name) ?? '',
        allocatable: textAt(allocatable, name) ?? '',
        requested: exact(requested),
        limits: name === 'pods' ? '' : exact(limits),
        share: whole === 0n ? 0 : Number((requested.nano * 10_000n) / whole) / 10_000,
      };
    })
    .filter(({ name, capacity: has }) => has !== '0' || MAIN.includes(name))
    .toSorted((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1));
}

const ENDED = new Set(['Succeeded', 'Failed']);
const BILLION = 1_000_000_000n;
const MAIN = ['cpu', 'memory', 'pods', 'ephemeral-storage'];
const place = (name: string): number => (MAIN.includes(name) ? MAIN.indexOf(name) : MAIN.length);

function sum(pods: readonly LiveObject[], part: 'requests' | 'limits', name: string): Quantity {
  let nano = 0n;
  let format: Quantity['format'] = 'DecimalSI';
  for (const pod of pods) {
    const amount = podAmount(pod, part, name);
    nano += amount.nano;
    if (amount.format === 'BinarySI') format = 'BinarySI';
  }
  return { nano, format };
}

/**
 * As the scheduler counts: the main containers and sidecars together, or the largest init container (with the sidecars that
 * are started before it) where that is more; and the overhead of the runtime.
 */
export function podAmount(pod: LiveObject, part: 'requests' | 'limits', name: string): Quantity {
  let format: Quantity['format'] = 'DecimalSI';
  const of = (container: unknown): bigint => {
    const found = parseQuantity(textAt(container, 'resources', part, name) ?? '0');
    if (found?.format === 'BinarySI') format = 'BinarySI';
    return found?.nano ?? 0n;
  };
  let sidecars = 0n;
  let largest = 0n;
  for (const container of listAt(pod, 'spec', 'initContainers')) {
    if (textAt(container, 'restartPolicy') === 'Always') {
      sidecars += of(container);
      if (sidecars > largest) largest = sidecars;
    } else if (sidecars + of(container) > largest) largest = sidecars + of(container);
  }
  const main = listAt(pod, 'spec', 'containers').reduce<bigint>((total, one) => total + of(one), sidecars);
  const overhead = parseQuantity(textAt(pod, 'spec', 'overhead', name) ?? '0')?.nano ?? 0n;
  return { nano: (main > largest ? main : largest) + overhead, format };
}

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

export function nodeVerdict(node: LiveObject): Verdict {
  const ready = conditionOf(node, 'Ready');
  const pressures = PRESSURES.filter((type) => conditionOf(node, type)?.status === 'True');
  const cordoned = at(node, 'spec', 'unschedulable') === true;
  const reasons = [
    ...(ready && ready.status !== 'True' ? whyOf(ready) : []),
    ...pressures.flatMap((type) => whyOf(conditionOf(node, type))),
    ...(cordoned ? ['It is cordoned: no new pods are placed here.'] : []),
  ];
  const since = ready?.since;
  if (!ready) return { word: 'Unknown', text: 'Its kubelet has not reported yet.', since, reasons };
  if (ready.status === 'Unknown') {
    return { word: 'Failed', text: 'Its kubelet does not report any more.', since, reasons };
  }
  if (ready.status !== 'True') return { word: 'Failed', text: 'Not ready.', since, reasons };
  if (pressures.length > 0)
    return { word: 'Failed', text: `Ready, with ${pressures.join(', ')}.`, since, reasons };
  if (cordoned) return { word: 'Pending', text: 'Ready, but cordoned.', since, reasons };
  return { word: 'Running', text: 'Ready.', since, reasons };
}

export function taintTexts(node: LiveObject): readonly string[] {
  return listAt(node, 'spec', 'taints').map((taint) => {
    const value = textAt(taint, 'value');
    return `${textAt(taint, 'key') ?? ''}${value === null || value === '' ? '' : `=${value}`}:${textAt(taint, 'effect') ?? ''}`;
  });
}
