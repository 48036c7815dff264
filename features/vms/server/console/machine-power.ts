import type { VmInfo } from '../../contract/vm-api.ts';
import type { MachineBook } from '../machine-book.ts';

/** What a machine's serial port depends on. `run`: another one, another port; `why`: in words, where it is off. */
export type MachinePower =
  | { readonly is: 'on'; readonly run: string }
  | { readonly is: 'off'; readonly run: string; readonly why: string }
  | { readonly is: 'gone' };

/** As the watch has it. */
export function powerOf(book: MachineBook, key: string): MachinePower {
  const vm = book.get(key);
  if (!vm) return { is: 'gone' };
  const instance = book.parts(key)?.instance;
  const run = `${instance?.metadata.uid ?? ''} ${vm.nodeName} ${vm.phase}`;
  return vm.phase === 'Running' ? { is: 'on', run } : { is: 'off', run, why: whyOff(vm) };
}

function whyOff({ status, reason }: VmInfo): string {
  const why = reason === '' ? '' : ` ${reason}`;
  if (status === 'Stopped') return 'The machine is off. Its console goes on when it is started.';
  return `The machine does not run: ${status}.${why} Its console goes on when it does.`;
}
