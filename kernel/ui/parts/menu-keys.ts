/** The part of a menu's items that the keys read. */
export interface MenuWord {
  readonly label: string;
}

/** A pause this long begins a new word. */
export const TYPE_AHEAD_MS = 600;

/** Moves by the keys of a menu: arrows around the ends, Home and End to them. Undefined: the key is none of these. */
export function movedBy(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/**
 * Where typing leads: the next item that begins with what was typed. The same letter again and again walks through all items
 * that begin with it; a longer word may stay where it is.
 */
export function typedTo(items: readonly MenuWord[], typed: string, at: number): number | undefined {
  const word = typed.toLowerCase();
  const walks = word === word.charAt(0).repeat(word.length);
  const wanted = walks ? word.slice(0, 1) : word;
  const from = walks ? at + 1 : at;
  for (let step = 0; step < items.length; step += 1) {
    const place = (Math.max(0, from) + step) % items.length;
    if (items[place]!.label.toLowerCase().startsWith(wanted)) return place;
  }
  return undefined;
}
