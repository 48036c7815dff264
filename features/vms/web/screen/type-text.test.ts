import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import * as fc from 'fast-check';
import { comboStrokes, KEY_COMBOS } from './key-combos.ts';
import { KEYMAPS, type Keymap, type KeymapName } from './keymaps.ts';
import { keysymOf, typeSlowly, typingOf, TYPE_EVERY_MS, type Stroke } from './type-text.ts';

const NAMES = Object.keys(KEYMAPS) as KeymapName[];

/** A machine with a keyboard of this layout: what it reads from the strokes. */
function read(strokes: readonly (readonly Stroke[])[], { keys, dead }: Keymap): string {
  const writes = new Map<string, string>();
  const nameOf = (code: string, shift: boolean, altGr: boolean): string => `${code} ${shift} ${altGr}`;
  for (const [character, { code, shift, altGr }] of keys) writes.set(nameOf(code, shift, altGr), character);
  for (const [mark, { code, shift, altGr }] of dead) writes.set(nameOf(code, shift, altGr), mark);
  const held = new Set<string>();
  let text = '';
  let mark = '';
  for (const { code, down } of strokes.flat()) {
    if (!down) held.delete(code);
    else if (code === 'ShiftLeft' || code === 'AltRight') held.add(code);
    else {
      const written = writes.get(nameOf(code, held.has('ShiftLeft'), held.has('AltRight'))) ?? '?';
      if (dead.has(written)) mark = written;
      else {
        text += mark === '' ? written : written === ' ' ? SPACING[mark]! : (written + mark).normalize('NFC');
        mark = '';
      }
    }
  }
  assert.equal(held.size, 0, 'a key stays pressed');
  return text;
}

const SPACING: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': '´',
  '\u0302': '^',
  '\u0308': '¨',
};

/** A key here and there of each layout, as printed on real keyboards. */
const KNOWN: Readonly<Record<KeymapName, readonly (readonly [text: string, code: string, held: string])[]>> =
  {
    us: [
      ['@', 'Digit2', 'shift'],
      ['|', 'Backslash', 'shift'],
      ['~', 'Backquote', 'shift'],
      ['z', 'KeyZ', ''],
      ['"', 'Quote', 'shift'],
    ],
    gb: [
      ['@', 'Quote', 'shift'],
      ['"', 'Digit2', 'shift'],
      ['£', 'Digit3', 'shift'],
      ['#', 'Backslash', ''],
      ['~', 'Backslash', 'shift'],
      ['\\', 'IntlBackslash', ''],
      ['|', 'IntlBackslash', 'shift'],
      ['€', 'Digit4', 'altgr'],
    ],
    de: [
      ['z', 'KeyY', ''],
      ['y', 'KeyZ', ''],
      ['@', 'KeyQ', 'altgr'],
      ['€', 'KeyE', 'altgr'],
      ['{', 'Digit7', 'altgr'],
      ['}', 'Digit0', 'altgr'],
      ['\\', 'Minus', 'altgr'],
      ['|', 'IntlBackslash', 'altgr'],
      ['~', 'BracketRight', 'altgr'],
      ['µ', 'KeyM', 'altgr'],
      ['/', 'Digit7', 'shift'],
      ['ß', 'Minus', ''],
      ['ö', 'Semicolon', ''],
      ['-', 'Slash', ''],
      ['#', 'Backslash', ''],
    ],
    fr: [
      ['a', 'KeyQ', ''],
      ['q', 'KeyA', ''],
      ['m', 'Semicolon', ''],
      ['1', 'Digit1', 'shift'],
      ['é', 'Digit2', ''],
      ['@', 'Digit0', 'altgr'],
      ['#', 'Digit3', 'altgr'],
      ['{', 'Digit4', 'altgr'],
      ['|', 'Digit6', 'altgr'],
      ['\\', 'Digit8', 'altgr'],
      ['^', 'Digit9', 'altgr'],
      ['}', 'Equal', 'altgr'],
      ['€', 'KeyE', 'altgr'],
      ['¤', 'BracketRight', 'altgr'],
      [',', 'KeyM', ''],
      ['.', 'Comma', 'shift'],
      ['/', 'Period', 'shift'],
      ['!', 'Slash', ''],
      ['ù', 'Quote', ''],
    ],
  };

for (const name of NAMES) {
  const keymap = KEYMAPS[name];

  test(`[SW6] ${name}: keys are where the layout has them`, () => {
    for (const [text, code, held] of KNOWN[name]) {
      const place = keymap.keys.get(text);
      const wanted = { code, shift: held === 'shift', altGr: held === 'altgr' };
      assert.deepEqual(place, wanted, `${name} ${text}`);
    }
  });

  test(`[SW6] ${name}: all of printable ASCII can be typed, and a machine of this layout reads it`, () => {
    const ascii = String.fromCodePoint(...Array.from({ length: 95 }, (_, index) => 0x20 + index));
    const { strokes, missing } = typingOf(`${ascii}\n\t`, keymap);
    assert.deepEqual(missing, []);
    assert.equal(read(strokes, keymap), `${ascii}\n\t`);
  });

  test(`[SW6] ${name}: any text is read as it was, but for what is said to be missing`, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { strokes, missing } = typingOf(text, keymap);
        const kept = Array.from(text.replaceAll(/\r\n?/g, '\n').normalize('NFC')).filter(
          (character) => !missing.includes(character),
        );
        assert.equal(read(strokes, keymap), kept.join(''));
      }),
    );
  });
}

test('[SW6] dead keys write accents; what no key writes is named, each once', () => {
  assert.equal(read(typingOf('êëÊ ^', KEYMAPS.fr).strokes, KEYMAPS.fr), 'êëÊ ^');
  assert.equal(read(typingOf('éÁ`´', KEYMAPS.de).strokes, KEYMAPS.de), 'éÁ`´');
  assert.deepEqual(typingOf('ü漢é漢🙂', KEYMAPS.us).missing, ['ü', '漢', 'é', '🙂']);
  assert.deepEqual(typingOf('€', KEYMAPS.us).missing, ['€']);
  for (const { keymap, text } of [
    { keymap: KEYMAPS.fr, text: 'Ầ' },
    { keymap: KEYMAPS.de, text: 'Ấ' },
  ])
    assert.deepEqual(
      typingOf(text, keymap),
      { strokes: [], missing: [text] },
      'one mark of two is another letter',
    );
});

test('[SW6] keysyms are those of X11', () => {
  assert.deepEqual(['a', 'ä', '€', '\n', '\t'].map(keysymOf), [0x61, 0xe4, 0x0100_20ac, 0xff0d, 0xff09]);
});

test('[SW6] every combination presses its keys in order and lets all of them go', () => {
  for (const { keys } of KEY_COMBOS) {
    const strokes = comboStrokes(keys);
    assert.equal(strokes.length, keys.length * 2, keys.join(' '));
    const down = strokes.filter((stroke) => stroke.down).map(({ code }) => code);
    const up = strokes.filter((stroke) => !stroke.down).map(({ code }) => code);
    assert.deepEqual(up.toReversed(), down);
  }
  assert.deepEqual(
    comboStrokes(['Ctrl', 'Alt', 'Del']).map(({ keysym }) => keysym),
    [0xffe3, 0xffe9, 0xffff, 0xffff, 0xffe9, 0xffe3],
  );
  assert.deepEqual(comboStrokes(['Nonsense']), []);
});

test('[SW6] typing keeps the pace of a keyboard and can be stopped', async () => {
  const clock = new ManualClock();
  const { strokes } = typingOf('abc', KEYMAPS.us);
  const pressed: string[] = [];
  let done = 0;
  const press = (some: readonly Stroke[]): void => void pressed.push(some[0]!.code);
  typeSlowly(strokes, press, clock, () => (done += 1));
  assert.deepEqual(pressed, ['KeyA']);
  await clock.advance(TYPE_EVERY_MS);
  assert.deepEqual(pressed, ['KeyA', 'KeyB']);
  await clock.advance(TYPE_EVERY_MS * 5);
  assert.deepEqual([pressed.length, done, clock.pending], [3, 1, 0]);
  typeSlowly(strokes, press, clock, () => (done += 1))();
  await clock.advance(1000);
  assert.deepEqual([pressed.length, done, clock.pending], [4, 1, 0]);
});
