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

/** What is wanted once the machine has become another: what the person left alone follows the machine. */
export function rebased(before: Wanted, now: Wanted, wanted: Wanted): Wanted {
  return {
    cpu: wanted.cpu === before.cpu ? now.cpu : wanted.cpu,
    memory: wanted.memory.trim() === before.memory ? now.memory : wanted.memory,
    runStrategy: wanted.runStrategy === before.runStrategy ? now.runStrategy : wanted.runStrategy,
  };
}
