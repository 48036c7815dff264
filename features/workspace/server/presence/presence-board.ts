import type { PersonHere } from '../../contract/watch-protocol.ts';

/** Somebody who has something open, once for each place in which they have. */
export interface Present {
  readonly username: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Who else is there, now and after each change; nobody once is told too. */
  readonly tell: (others: readonly PersonHere[]) => void;
}

/** More at one place are counted by nobody. */
const MOST_NAMED = 20;

/** Who has which object open at this gateway. Whoever enters must have been asked for their right to see it. */
export class PresenceBoard {
  readonly #places = new Map<string, Set<Present>>();

  /** The disposer leaves. */
  enter(place: string, one: Present): () => void {
    const here = this.#places.get(place) ?? new Set();
    this.#places.set(place, here.add(one));
    this.#tell(here);
    return () => {
      if (!here.delete(one)) return;
      if (here.size === 0) this.#places.delete(place);
      this.#tell(here);
    };
  }

  get size(): number {
    return this.#places.size;
  }

  #tell(here: ReadonlySet<Present>): void {
    // One more than are named, as nobody is named to themselves.
    const people = peopleOf(here).slice(0, MOST_NAMED + 1);
    for (const { username, tell } of here) {
      tell(people.filter(({ name }) => name !== username).slice(0, MOST_NAMED));
    }
  }
}

/** Each once, from when they first came; who came first stands first. */
function peopleOf(here: ReadonlySet<Present>): readonly PersonHere[] {
  const first = new Map<string, number>();
  for (const { username, since } of here) {
    first.set(username, Math.min(since, first.get(username) ?? Infinity));
  }
  return Array.from(first)
    .toSorted(([a, one], [b, other]) => one - other || (a < b ? -1 : 1))
    .map(([name, since]) => ({ name, since: new Date(since).toISOString() }));
}
