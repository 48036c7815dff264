import { StatusError } from '@krateyard/status/status-error';
import type { MachineBook } from './machine-book.ts';

export interface RestoreTarget {
  readonly target: string;
  /** Why it is not the machine itself; '' where that needs no word. */
  readonly note: string;
}

/**
 * Where a snapshot of `source` is restored to. A Wukong's operator writes its machine as the Wukong says, volumes included: what is
 * restored into it would be taken back at once. So without a name it becomes a machine of its own, and by that name it is refused
 * (Conflict).
 */
export function restoreTarget(
  book: MachineBook,
  namespace: string,
  source: string,
  newVmName: string | undefined,
): RestoreTarget {
  const wukong = wukongOf(book, namespace, source);
  if (wukong === undefined) return { target: newVmName ?? source, note: '' };
  const undone = `The operator of Wukong ${wukong} would take back what is restored into ${source}`;
  if (newVmName === undefined)
    return {
      target: `${wukong}-restored`,
      note: `${undone}: it becomes ${wukong}-restored, a virtual machine that no Wukong owns.`,
    };
  const owner = wukongOf(book, namespace, newVmName);
  if (newVmName === source || owner !== undefined)
    throw new StatusError(
      'Conflict',
      newVmName === source
        ? `${undone}. Restore under a name of its own: newVmName, ${wukong}-restored if you leave it out.`
        : `${newVmName} belongs to Wukong ${owner}, whose operator would take it back. Restore under another name (newVmName).`,
      {
        details: {
          name: newVmName,
          kind: 'virtualmachines',
          causes: [{ field: 'newVmName', reason: 'FieldValueInvalid', message: 'belongs to a Wukong' }],
        },
      },
    );
  return { target: newVmName, note: '' };
}

/** Also of a machine that is gone or not made yet: its Wukong would make it anew. */
function wukongOf(book: MachineBook, namespace: string, vmName: string): string | undefined {
  const owned = book.get(`${namespace}/${vmName}`);
  if (owned) return owned.wukong;
  const name = vmName.endsWith('-vm') ? vmName.slice(0, -3) : '';
  return name !== '' && book.hasWukong(namespace, name) ? name : undefined;
}
