import type { Stroke } from './type-text.ts';

/** Keys that are pressed together: a browser or the person's own desktop would keep them. */
export interface KeyCombo {
  readonly id: string;
  /** As it is told, a key a word. */
  readonly keys: readonly string[];
  readonly group: 'power' | 'desktop' | 'single' | 'console';
}

const KEYS: Readonly<Record<string, { readonly keysym: number; readonly code: string }>> = {
  Ctrl: { keysym: 0xffe3, code: 'ControlLeft' },
  Alt: { keysym: 0xffe9, code: 'AltLeft' },
  Shift: { keysym: 0xffe1, code: 'ShiftLeft' },
  Super: { keysym: 0xffeb, code: 'MetaLeft' },
  Del: { keysym: 0xffff, code: 'Delete' },
  Backspace: { keysym: 0xff08, code: 'Backspace' },
  Tab: { keysym: 0xff09, code: 'Tab' },
  Esc: { keysym: 0xff1b, code: 'Escape' },
  Enter: { keysym: 0xff0d, code: 'Enter' },
  Print: { keysym: 0xff61, code: 'PrintScreen' },
  Pause: { keysym: 0xff13, code: 'Pause' },
  Home: { keysym: 0xff50, code: 'Home' },
  Left: { keysym: 0xff51, code: 'ArrowLeft' },
  Up: { keysym: 0xff52, code: 'ArrowUp' },
  Right: { keysym: 0xff53, code: 'ArrowRight' },
  Down: { keysym: 0xff54, code: 'ArrowDown' },
  PgUp: { keysym: 0xff55, code: 'PageUp' },
  PgDn: { keysym: 0xff56, code: 'PageDown' },
  End: { keysym: 0xff57, code: 'End' },
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `F${index + 1}`,
      { keysym: 0xffbe + index, code: `F${index + 1}` },
    ]),
  ),
};

const combo = (group: KeyCombo['group'], keys: string): KeyCombo => ({
  id: keys,
  keys: keys.split(' '),
  group,
});

export const CTRL_ALT_DEL = combo('power', 'Ctrl Alt Del');

export const KEY_COMBOS: readonly KeyCombo[] = [
  CTRL_ALT_DEL,
  combo('power', 'Ctrl Alt Backspace'),
  combo('desktop', 'Alt Tab'),
  combo('desktop', 'Alt F4'),
  combo('desktop', 'Ctrl Esc'),
  combo('desktop', 'Super'),
  combo('single', 'Print'),
  combo('single', 'Alt Print'),
  combo('single', 'Pause'),
  combo('single', 'Ctrl F6'),
  ...Array.from({ length: 12 }, (_, index) => combo('console', `Ctrl Alt F${index + 1}`)),
];

/** Presses all of them in order and lets them go in the reverse one. Names that are no keys are passed over. */
export function comboStrokes(keys: readonly string[]): readonly Stroke[] {
  const held = keys.map((name) => KEYS[name]).filter((key) => key !== undefined);
  return [
    ...held.map((key) => ({ ...key, down: true })),
    ...held.toReversed().map((key) => ({ ...key, down: false })),
  ];
}
