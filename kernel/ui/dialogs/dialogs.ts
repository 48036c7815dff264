import type { ReactElement } from 'react';
import { Store } from '../live/store.ts';

/** A modal dialog's content; `close` takes it away. */
export type DialogContent = (close: () => void) => ReactElement;

/** The open dialogs, the last on top. The frame draws them (`DialogHost`). */
export const dialogs = new Store<readonly { readonly id: number; readonly content: DialogContent }[]>([]);

let next = 0;

/** Opens a modal dialog over whatever shows. The disposer closes it. */
export function openDialog(content: DialogContent): () => void {
  const id = ++next;
  dialogs.set([...dialogs.get(), { id, content }]);
  return () => dialogs.set(dialogs.get().filter((one) => one.id !== id));
}
