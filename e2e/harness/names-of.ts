import type { Wire } from './wire.ts';

/** Names of the objects in a list, in its order. */
export function namesOf(list: Wire): string[] {
  return list.items.map((item: Wire) => item.metadata.name);
}
