import type { SpotlightSource } from '@krateyard/ui/room';
import { findKinds } from './find-kinds.ts';
import { findObjects } from './find-objects.ts';

/** Objects and kinds. The kinds do not wait for the objects, nor fail with them. */
export const find: SpotlightSource = async (text, limit, signal, sofar) => {
  const kinds = text === '' ? [] : await findKinds().catch(() => []);
  signal.throwIfAborted();
  sofar(kinds);
  const objects = await findObjects(text, limit, signal, (some) => sofar([...some, ...kinds]));
  return [...objects, ...kinds];
};
