import { matchesLabels, parseLabelSelector, SelectorSyntaxError } from '@krateyard/kube/meta/label-selector';
import { quantityValue } from '@krateyard/kube/meta/quantity';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import { parseFilter } from '@krateyard/ui/page/filter';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import type { VmInfo } from '../../contract/vm-api.ts';
import { machineWord, shortReason } from '../machine-why.ts';

/** A machine as a row of the table. */
export interface MachineRow extends LiveRow {
  readonly vm: VmInfo;
  readonly snapshots: number;
}

export const machineOf = (row: LiveRow): VmInfo => (row as MachineRow).vm;

/** What needs somebody first. */
export const USUAL_SORT = 'status';
const WORDS: readonly StatusWord[] = ['Failed', 'Pending', 'Unknown', 'Running', 'Stopped'];

type Key = string | number;

/** Machines without a value (null) stand last, whichever way. */

const KEYS: Readonly<Record<string, (row: MachineRow) => Key | null>> = {
  status: ({ vm }) => WORDS.indexOf(machineWord(vm)) * 1000 + statusPlace(vm),
  name: ({ vm }) => vm.name,
  reason: ({ vm }) => shortReason(vm) || null,
  namespace: ({ vm }) => vm.namespace,
  node: ({ vm }) => vm.nodeName || null,
  ip: ({ vm }) => addressKey(vm.ipAddress) ?? null,
  cpu: ({ vm }) => vm.cpu || null,
  memory: ({ vm }) => (vm.memory === '' ? null : quantityValue(vm.memory) || null),
  // A younger one has a smaller uptime.
  uptime: ({ vm }) => (vm.startedAt === undefined ? null : -vm.startedAt),
  snapshots: ({ snapshots }) => snapshots,
  strategy: ({ vm }) => vm.runStrategy,
  type: ({ vm }) => vm.instancetype ?? null,
  image: ({ vm }) => vm.osImage || null,
  age: ({ vm }) => -vm.createdAt,
};

/** Instead, once any machine is measured: what is used and what it has are no one order. */
const USED_KEYS: typeof KEYS = {
  cpu: ({ vm }) => vm.metrics?.cpuCores ?? null,
  memory: ({ vm }) => vm.metrics?.memoryBytes ?? null,
};

export const SORTABLE: ReadonlySet<string> = new Set(Object.keys(KEYS));

/** `10.0.0.9` before `10.0.0.10`. */
function addressKey(address: string): string | undefined {
  if (address === '') return undefined;
  return address.replaceAll(/\d+/g, (digits) => digits.padStart(3, '0'));
}

/** Equal words by the status that KubeVirt prints, in order of the alphabet. */
const statusPlace = ({ status }: VmInfo): number => (status.codePointAt(0) ?? 0) % 1000;

const compareKeys = (a: Key | null, b: Key | null, sign: number): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (a === b) return 0;
  return (a < b ? -1 : 1) * sign;
};

/** Sorted by a column's name, descending with a leading minus; equal ones by namespace and name. An unknown name is the usual sort. */
export function sortedRows(rows: readonly MachineRow[], sort: string): readonly MachineRow[] {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const used = rows.some(({ vm }) => vm.metrics) ? USED_KEYS[name] : undefined;
  const keyOf = used ?? KEYS[name] ?? KEYS[USUAL_SORT]!;
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .toSorted((a, b) => compareKeys(a.key, b.key, sign) || (a.row.key < b.row.key ? -1 : 1))
    .map(({ row }) => row);
}

/** Whether a machine fits what the filter box says. Throws SelectorSyntaxError for labels that make no sense. */
export function machineFilter(input: string): (row: MachineRow) => boolean {
  const { text, labels, status, nodes } = parseFilter(input);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const terms = parseLabelSelector(labels);
  return ({ vm }) => {
    if (status.length > 0 && !status.some((word) => hasStatus(vm, word))) return false;
    if (nodes.length > 0 && !nodes.includes(vm.nodeName)) return false;
    if (terms.length > 0 && !matchesLabels(terms, vm.labels)) return false;
    if (words.length === 0) return true;
    const all = [
      vm.name,
      vm.namespace,
      vm.nodeName,
      vm.status,
      shortReason(vm),
      vm.ipAddress,
      vm.osImage,
      vm.instancetype ?? '',
      ...vm.networks.flatMap(({ ipAddresses, ipAddress }) => [ipAddress, ...ipAddresses]),
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => all.includes(word));
  };
}

/** KubeVirt's word, ours, or a group of the numbers above the list. */
const hasStatus = (vm: VmInfo, word: string): boolean =>
  vm.status.toLowerCase() === word || machineWord(vm).toLowerCase() === word;

/** What is wrong with a filter's labels; undefined where nothing is. */
export function filterProblem(input: string): string | undefined {
  try {
    machineFilter(input);
    return undefined;
  } catch (error) {
    if (error instanceof SelectorSyntaxError) return error.message;
    throw error;
  }
}

/**
 * The rows in the places that they had: values change, what is gone stands marked, what is new waits. `moved`: how many places will
 * change when they are let go.
 */
export function heldRows(
  places: readonly MachineRow[],
  now: readonly MachineRow[],
): { readonly rows: readonly MachineRow[]; readonly moved: number } {
  const byKey = new Map(now.map((row) => [row.key, row]));
  const rows = places.map((place) => byKey.get(place.key) ?? (place.gone ? place : { ...place, gone: true }));
  let moved = 0;
  for (let index = 0; index < Math.max(rows.length, now.length); index += 1)
    if (rows[index]?.key !== now[index]?.key) moved += 1;
  return { rows, moved };
}

/** How many there are of each kind of status. */
export function countWords(vms: Iterable<VmInfo>): Readonly<Record<StatusWord, number>> {
  const counts = { Failed: 0, Pending: 0, Unknown: 0, Running: 0, Stopped: 0 };
  for (const vm of vms) counts[machineWord(vm)] += 1;
  return counts;
}
