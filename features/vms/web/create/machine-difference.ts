import type { VmChangeRequest, VmEditable } from '../../contract/vm-create.ts';

/** What the dialog changes. */
export type Wanted = Pick<VmEditable, 'cpu' | 'memory' | 'runStrategy'>;

/** What is another than it was; undefined where nothing is. */
export function differenceOf(before: VmEditable, wanted: Wanted): VmChangeRequest | undefined {
  const change = {
    ...(wanted.cpu !== before.cpu && { cpu: wanted.cpu }),
    ...(wanted.memory.trim() !== before.memory && { memory: wanted.memory.trim() }),
    ...(wanted.runStrategy !== before.runStrategy && { runStrategy: wanted.runStrategy }),
  };
  return Object.keys(change).length === 0
    ? undefined
    : { ...change, resourceVersion: before.resourceVersion };
}
