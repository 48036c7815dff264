/** The part of a keyboard event that the keys read. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export interface KeyBinding {
  /** `j`, `Enter`, `Space`, `?`, `g p` (one after the other), `Mod+k` (⌘ on a Mac, Ctrl elsewhere). */
  readonly keys: string;
  /** A verb phrase for the list of keys. */
  readonly label: string;
  /** Heading in the list of keys. */
  readonly group: string;
  /** Works while the person types into a field. */
  readonly whileTyping?: boolean;
  readonly run: () => void;
}

/** How long the second key of a pair may take. */
export const PAIR_MS = 1200;

/**
 * Finds what a press means. Holds the first key of a pair (`g`) until the second comes or time is up. The binding that was
 * registered last wins: an open panel's `Esc` comes before the page's.
 */
export class KeyMatcher {
  #first: { key: string; at: number } | undefined;

  match(
    press: KeyPress,
    bindings: readonly KeyBinding[],
    at: number,
    typing: boolean,
  ): KeyBinding | 'pending' | undefined {
    const key = nameOf(press);
    if (key === undefined) return undefined;
    const first = this.#first && at - this.#first.at <= PAIR_MS ? this.#first.key : undefined;
    this.#first = undefined;
    const usable = bindings.filter((binding) => !typing || binding.whileTyping);
    const wanted = first === undefined ? key : `${first} ${key}`;
    const found = usable.findLast((binding) => binding.keys === wanted);
    if (found) return found;
    if (first === undefined && usable.some((binding) => binding.keys.startsWith(`${key} `))) {
      this.#first = { key, at };
      return 'pending';
    }
    return undefined;
  }
}

/** Alt belongs to the browser and to screen readers: never ours. */
function nameOf(press: KeyPress): string | undefined {
  if (press.altKey) return undefined;
  if (press.key === ' ') return press.ctrlKey || press.metaKey ? undefined : 'Space';
  return press.ctrlKey || press.metaKey ? `Mod+${press.key.toLowerCase()}` : press.key;
}
