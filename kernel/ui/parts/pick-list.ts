/** One line of a picker. */
export interface PickItem {
  readonly value: string;
  readonly label: string;
  /** Heading that it stands under. */
  readonly group?: string | undefined;
  /** Other words that find it (`po`, `Pod`). */
  readonly also?: readonly string[] | undefined;
  /** Set at the right: a count, a version. */
  readonly hint?: string | undefined;
}

/**
 * The items that a typed text leaves, best first inside their groups: names that start with it, then words in the name that do,
 * then what merely contains it. Every word of the text must be found.
 */
export function matchItems(items: readonly PickItem[], typed: string): readonly PickItem[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items
    .map((item) => ({ item, rank: rankOf(item, words) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

const NO_MATCH = 4;

function rankOf(item: PickItem, words: readonly string[]): number {
  const label = item.label.toLowerCase();
  const also = (item.also ?? []).map((word) => word.toLowerCase());
  return Math.max(...words.map((word) => rankOfWord(label, also, word)));
}

function rankOfWord(label: string, also: readonly string[], word: string): number {
  if (label === word || also.includes(word)) return 0;
  if (label.startsWith(word)) return 1;
  if (
    also.some((other) => other.startsWith(word)) ||
    label.split(/[^a-z0-9]+/).some((part) => part.startsWith(word))
  )
    return 2;
  return label.includes(word) ? 3 : NO_MATCH;
}
