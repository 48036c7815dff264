/** A key of a layout: its place, as KeyboardEvent names it, and what must be held. */
export interface KeyPlace {
  readonly code: string;
  readonly shift: boolean;
  readonly altGr: boolean;
}

export interface Keymap {
  /** In its own language. */
  readonly title: string;
  /** Where each character is. */
  readonly keys: ReadonlyMap<string, KeyPlace>;
  /** Keys that write nothing until the next one: by the combining character that they stand for. */
  readonly dead: ReadonlyMap<string, KeyPlace>;
}

export type KeymapName = 'us' | 'gb' | 'de' | 'fr';

/** The keys that write, in rows of 13, 13, 11 and 11 from the upper left. */
const PLACES = [
  'Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal',
  'KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Backslash',
  'KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote',
  'IntlBackslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash',
].map((row) => row.split(' '));

/** Grave, acute, circumflex, diaeresis as combining characters: what dead keys stand for in the rows below. */
const DEAD = new Set(['\u0300', '\u0301', '\u0302', '\u0308']);

/** Four rows each without, with Shift, with AltGr; a space: nothing there that is of use. Layouts as of xkeyboard-config. */
export const KEYMAPS: Readonly<Record<KeymapName, Keymap>> = {
  us: keymap(
    'English (US)',
    ['`1234567890-=', 'qwertyuiop[]\\', "asdfghjkl;'", ' zxcvbnm,./'],
    ['~!@#$%^&*()_+', 'QWERTYUIOP{}|', 'ASDFGHJKL:"', ' ZXCVBNM<>?'],
    [],
  ),
  gb: keymap(
    'English (UK)',
    ['`1234567890-=', 'qwertyuiop[]#', "asdfghjkl;'", '\\zxcvbnm,./'],
    ['¬!"£$%^&*()_+', 'QWERTYUIOP{}~', 'ASDFGHJKL:@', '|ZXCVBNM<>?'],
    ['    €'],
  ),
  de: keymap(
    'Deutsch',
    ['\u03021234567890ß\u0301', 'qwertzuiopü+#', 'asdfghjklöä', '<yxcvbnm,.-'],
    ['°!"§$%&/()=?\u0300', "QWERTZUIOPÜ*'", 'ASDFGHJKLÖÄ', '>YXCVBNM;:_'],
    ['  ²³   {[]}\\', '@ €        ~', '', '|      µ'],
  ),
  fr: keymap(
    'Français',
    ['²&é"\'(-è_çà)=', 'azertyuiop\u0302$*', 'qsdfghjklmù', '<wxcvbn,;:!'],
    [' 1234567890°+', 'AZERTYUIOP\u0308£µ', 'QSDFGHJKLM%', '>WXCVBN?./§'],
    ['  ~#{[|`\\^@]}', '  €        ¤'],
  ),
};

function keymap(
  title: string,
  plain: readonly string[],
  shifted: readonly string[],
  third: readonly string[],
): Keymap {
  const keys = new Map<string, KeyPlace>([[' ', { code: 'Space', shift: false, altGr: false }]]);
  const dead = new Map<string, KeyPlace>();
  const levels = [plain, shifted, third] as const;
  for (const [level, rows] of levels.entries()) {
    for (const [row, text] of rows.entries()) {
      for (const [index, character] of Array.from(text).entries()) {
        const into = DEAD.has(character) ? dead : keys;
        if (character === ' ' || into.has(character)) continue;
        into.set(character, { code: PLACES[row]![index]!, shift: level === 1, altGr: level === 2 });
      }
    }
  }
  keys.set('\n', { code: 'Enter', shift: false, altGr: false });
  keys.set('\t', { code: 'Tab', shift: false, altGr: false });
  return { title, keys, dead };
}
