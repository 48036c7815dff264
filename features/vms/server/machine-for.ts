import type { Principal } from '@krateyard/auth/principal';
import type { VmInfo } from '../contract/vm-api.ts';
import type { VmsDeps } from './deps.ts';
import { VIRTUAL_MACHINES } from './machine-types.ts';
import type { MachineBook } from './machine-book.ts';

/**
 * The machine of that name, or of the Wukong of that name, for who may get it by its own name. Undefined where there is none; throws
 * Forbidden before it says whether there is one.
 */
export async function machineFor(
  { access }: Pick<VmsDeps, 'access'>,
  who: Principal,
  book: MachineBook,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<VmInfo | undefined> {
  const question = { verb: 'get', resource: VIRTUAL_MACHINES, namespace } as const;
  await access.require(who, { ...question, name }, signal);
  const vm = book.find(namespace, name);
  if (vm && vm.name !== name) await access.require(who, { ...question, name: vm.name }, signal);
  return vm;
}
