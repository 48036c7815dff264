import type { Principal } from '@krateyard/auth/principal';
import type { VmInfo } from '../contract/vm-api.ts';
import type { VmsDeps } from './deps.ts';
import { VIRTUAL_MACHINES } from './machine-types.ts';
import type { MachineBook } from './machine-book.ts';

/**
 * The machine of that name, or of the Wukong of that name, for who may get it by its own name. Undefined where there is none; throws
 * Forbidden, about the name that was asked for, before it says whether there is one.
 */
export async function machineFor(
  { access }: Pick<VmsDeps, 'access'>,
  who: Principal,
  book: MachineBook,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<VmInfo | undefined> {
  const question = { verb: 'get', resource: VIRTUAL_MACHINES, namespace } as const;
  const vm = book.find(namespace, name);
  const own = vm && (await access.check(who, { ...question, name: vm.name }, signal));
  if (!own?.allowed) await access.require(who, { ...question, name }, signal);
  return own?.allowed ? vm : undefined;
}
