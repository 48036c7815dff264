import type { AccessQuestion, AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import { StatusError } from '@krateyard/status/status-error';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { MachineBook } from '../machine-book.ts';
import { lookQuestion } from './screen-rights.ts';

/** Which machine, as the person calls it: by its own name or its Wukong's. */
export interface MachineAddress {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The machine, for who may see its screen, or do with it what else is asked about. Throws the API server's Forbidden, about the name that was asked for: what a Wukong's
 * machine is called is nothing to who may not see it; NotFound.
 */
export async function machineToLookAt(
  access: AccessReview,
  book: MachineBook,
  who: Principal,
  { namespace, name }: MachineAddress,
  signal: AbortSignal,
  question: (namespace: string, name: string) => AccessQuestion = lookQuestion,
): Promise<VmInfo> {
  const vm = book.find(namespace, name);
  const own = vm && (await access.check(who, question(namespace, vm.name), signal));
  if (!own?.allowed) await access.require(who, question(namespace, name), signal);
  if (vm && own?.allowed) return vm;
  throw new StatusError('NotFound', `There is no virtual machine "${name}" in ${namespace}.`, {
    details: { name, kind: 'virtualmachines', group: 'kubevirt.io' },
  });
}
