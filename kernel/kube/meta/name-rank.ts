/**
 * How well typed text names something: exact, then the beginning, then the beginning of a part of the name (`api` in
 * `payments-api`), then anywhere inside, then letters in order (`kapi` in `kube-apiserver`). Pure; case aside.
 */
export interface NameQuery {
  /** Lower case; every one must be found. */
  readonly words: readonly NameWord[];
}

export interface NameWord {
  readonly text: string;
  readonly mask: number;
}

const EXACT = 1000;
const BEGINNING = 800;
const PART = 600;
const INSIDE = 400;
/** Letters in order: less for every letter between them, never below 1. */
const SCATTERED = 300;

const MAX_WORDS = 8;
const MAX_CHARS = 253;

/** White space and slashes part words: `payments/led` looks for both. */
export function parseNameQuery(text: string): NameQuery {
  const words = text
    .slice(0, MAX_CHARS)
    .toLowerCase()
    .split(/[\s/]+/)
    .filter(Boolean);
  return {
    words: [...new Set(words)].slice(0, MAX_WORDS).map((word) => ({ text: word, mask: letterMask(word) })),
  };
}

/** The letters and digits that a text has, as bits: what lacks one of a word's cannot hold the word. */
export function letterMask(lower: string): number {
  let mask = 0;
  for (let at = 0; at < lower.length; at += 1) {
    const code = lower.charCodeAt(at);
    if (code >= 97 && code <= 122) mask |= 1 << (code - 97);
    else if (code >= 48 && code <= 57) mask |= 1 << (26 + ((code - 48) >> 1));
    else mask |= 1 << 31;
  }
  return mask;
}

/** 0: not found. `lower` is in lower case, `mask` its letterMask. */
export function rankName(lower: string, mask: number, word: NameWord): number {
  const { text } = word;
  if (text.length > lower.length || (word.mask & mask) !== word.mask) return 0;
  const found = lower.indexOf(text);
  if (found === -1) return scattered(lower, text);
  if (found === 0) return lower.length === text.length ? EXACT : BEGINNING;
  return partStart(lower, text, found) === -1 ? INSIDE : PART;
}

/** Where the letters of the query stand in a name: from, to (not included); for drawing them. */
export function matchedRanges(name: string, query: NameQuery): readonly (readonly [number, number])[] {
  const lower = name.toLowerCase();
  // Lower case may be longer than the name in some scripts: then nothing is drawn rather than the wrong letters.
  if (lower.length !== name.length) return [];
  return merged(query.words.flatMap(({ text }) => rangesOf(lower, text)));
}

function rangesOf(lower: string, text: string): [number, number][] {
  const found = lower.indexOf(text);
  if (found !== -1) {
    const part = partStart(lower, text, found);
    const from = part === -1 ? found : part;
    return [[from, from + text.length]];
  }
  return scatteredPlaces(lower, text).map((at) => [at, at + 1]);
}

function merged(ranges: readonly [number, number][]): readonly (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

function isPartStart(lower: string, at: number): boolean {
  if (at === 0) return true;
  const before = lower.charCodeAt(at - 1);
  const letter = (before >= 97 && before <= 122) || (before >= 48 && before <= 57) || before > 127;
  return !letter;
}

/** Where the text stands at the beginning of a part; `from`: where it stands first. -1: nowhere. */
function partStart(lower: string, text: string, from: number): number {
  for (let at = from; at !== -1; at = lower.indexOf(text, at + 1)) if (isPartStart(lower, at)) return at;
  return -1;
}

function scattered(lower: string, text: string): number {
  if (text.length < 2) return 0;
  const places = scatteredPlaces(lower, text);
  if (places.length === 0) return 0;
  const span = places.at(-1)! - places[0]! + 1;
  return Math.max(1, SCATTERED - (span - text.length) * 8 - Math.min(places[0]!, 8));
}

/** Letters in order, each as early as possible; the first begins a part, or everything would be found in long names. */
function scatteredPlaces(lower: string, text: string): number[] {
  for (let first = lower.indexOf(text[0]!); first !== -1; first = lower.indexOf(text[0]!, first + 1)) {
    if (!isPartStart(lower, first)) continue;
    const places = [first];
    for (let letter = 1; letter < text.length; letter += 1) {
      const next = lower.indexOf(text[letter]!, places.at(-1)! + 1);
      if (next === -1) return [];
      places.push(next);
    }
    return places;
  }
  return [];
}
