import type { Clock } from '@krateyard/ui/live/browser-clock';
import type { Keymap, KeyPlace } from './keymaps.ts';

/** One movement of one key. `keysym`: X11's; `code`: its place, as KeyboardEvent names it. */
export interface Stroke {
  readonly keysym: number;
  readonly code: string;
  readonly down: boolean;
}

export interface Typing {
  /** The strokes of each character, in order. */
  readonly strokes: readonly (readonly Stroke[])[];
  /** Characters that this layout cannot write, each once. */
  readonly missing: readonly string[];
}

const SHIFT = { keysym: 0xffe1, code: 'ShiftLeft' };
const ALT_GR = { keysym: 0xfe03, code: 'AltRight' };

/** X11's names for the dead keys, by their combining character. */
const DEAD_KEYSYMS: Readonly<Record<string, number>> = {
  '\u0300': 0xfe50,
  '\u0301': 0xfe51,
  '\u0302': 0xfe52,
  '\u0308': 0xfe57,
};
/** What a dead key and a space write. */
const SPACING: Readonly<Record<string, string>> = {
  '`': '\u0300',
  '´': '\u0301',
  '^': '\u0302',
  '¨': '\u0308',
};

/** Longer texts are no typing: at the pace of keys this takes the better part of a minute. */
export const MOST_TYPED = 4096;
/** Between two characters: a PC's keyboard holds sixteen movements, and loses what comes faster than it is read. */
export const TYPE_EVERY_MS = 12;

/** X11's number of a character: Latin-1 as it is, the rest by its code point. */
export function keysymOf(character: string): number {
  if (character === '\n') return 0xff0d;
  if (character === '\t') return 0xff09;
  const code = character.codePointAt(0)!;
  return code <= 0xff ? code : 0x0100_0000 + code;
}

/** What to press so that a machine with this layout reads the text. Line ends of any sort are the Enter key. */
export function typingOf(text: string, keymap: Keymap): Typing {
  const missing = new Set<string>();
  const strokes: Stroke[][] = [];
  for (const character of text.replaceAll(/\r\n?/g, '\n').normalize('NFC')) {
    const found = strokesOf(character, keymap);
    if (found) strokes.push(found);
    else missing.add(character);
  }
  return { strokes, missing: [...missing] };
}

function strokesOf(character: string, keymap: Keymap): Stroke[] | undefined {
  const place = keymap.keys.get(character);
  if (place) return pressed(place, keysymOf(character));
  const [letter = ' ', mark, ...more] = SPACING[character]
    ? [' ', SPACING[character]]
    : character.normalize('NFD');
  const dead = mark === undefined ? undefined : keymap.dead.get(mark);
  const after = keymap.keys.get(letter);
  // A key writes one mark: a letter with two would come without the other.
  if (!dead || !after || mark === undefined || more.length > 0) return undefined;
  return [...pressed(dead, DEAD_KEYSYMS[mark]!), ...pressed(after, keysymOf(letter))];
}

function pressed({ code, shift, altGr }: KeyPlace, keysym: number): Stroke[] {
  const held = [...(shift ? [SHIFT] : []), ...(altGr ? [ALT_GR] : [])];
  return [
    ...held.map((key) => ({ ...key, down: true })),
    { keysym, code, down: true },
    { keysym, code, down: false },
    ...held.toReversed().map((key) => ({ ...key, down: false })),
  ];
}

/** Types at the pace of a keyboard; `done` is called after the last character, not when cancelled. The disposer cancels. */
export function typeSlowly(
  strokes: Typing['strokes'],
  press: (strokes: readonly Stroke[]) => void,
  clock: Clock,
  done: () => void,
): () => void {
  let next = 0;
  let cancel = (): void => {};
  const step = (): void => {
    const now = strokes[next];
    if (!now) return done();
    next += 1;
    press(now);
    cancel = clock.after(TYPE_EVERY_MS, step);
  };
  step();
  return () => cancel();
}
