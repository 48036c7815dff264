import { letterMask, parseNameQuery, rankName } from '@krateyard/kube/meta/name-rank';
import type { SpotlightEntry } from '../room.ts';

export interface SpotlightGroup {
  readonly title: string;
  readonly entries: readonly SpotlightEntry[];
}

/** So many of one group: more of them is what typing on is for. */
const MOST_IN_GROUP = 8;

/** How well typed text names an entry: by its own rank, else by its title and other words; 0: not at all. */
export function rankEntry(
  entry: Pick<SpotlightEntry, 'title' | 'also' | 'hint' | 'rank'>,
  typed: string,
): number {
  if (entry.rank !== undefined) return entry.rank;
  const { words } = parseNameQuery(typed);
  const names = [entry.title, ...(entry.also ?? []), entry.hint ?? ''].map((name) => name.toLowerCase());
  const masks = names.map(letterMask);
  let worst = words.length === 0 ? 0 : Infinity;
  for (const word of words) {
    // The hint helps to tell apart, but is not what the entry is called.
    const best = Math.max(
      ...names.map((name, at) => rankName(name, masks[at]!, word) * (at === names.length - 1 ? 0.5 : 1)),
    );
    if (best === 0) return 0;
    worst = Math.min(worst, best);
  }
  return worst;
}

/** What fits, best first, under headings; the heading with the best entry first. The same address stands once. */
export function groupEntries(entries: readonly SpotlightEntry[], typed: string): readonly SpotlightGroup[] {
  const ranked = entries
    .map((entry) => ({ entry, rank: rankEntry(entry, typed) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank);
  const seen = new Set<string>();
  const once = ranked.filter(({ entry: { path, id } }) => seen.size < seen.add(path ?? id).size);
  const groups = Map.groupBy(once, ({ entry }) => entry.group);
  return [...groups].map(([title, members]) => ({
    title,
    entries: members.slice(0, MOST_IN_GROUP).map(({ entry }) => entry),
  }));
}
