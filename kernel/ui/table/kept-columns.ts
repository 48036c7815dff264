/** Which columns a person has chosen for a kind: by name, in the kind's order. Undefined: the usual ones. */
export type ChosenColumns = readonly string[] | undefined;

const keyOf = (person: string, kind: string): string => `krateyard.columns.${person}.${kind}`;
/** More is no choice of a person. */
const MOST = 200;

/** Undefined too for what another version, or somebody by hand, has left there. */
export function keptColumns(person: string, kind: string): ChosenColumns {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(person, kind)) ?? 'null');
    if (!Array.isArray(kept) || kept.length > MOST) return undefined;
    return (kept as unknown[]).every((name) => typeof name === 'string') ? (kept as string[]) : undefined;
  } catch {
    return undefined;
  }
}

export function keepColumns(person: string, kind: string, chosen: ChosenColumns): void {
  try {
    if (chosen === undefined) localStorage.removeItem(keyOf(person, kind));
    else localStorage.setItem(keyOf(person, kind), JSON.stringify(chosen));
  } catch {
    // A full or forbidden storage: the choice lasts as long as the page.
  }
}
