import { useRef, useState, type ReactElement } from 'react';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { TouchKey, TouchKeys as KeyRow } from '@krateyard/ui/parts/touch-keys.tsx';
import { comboStrokes } from './key-combos.ts';
import { KEYMAPS } from './keymaps.ts';
import type { Picture } from './picture.ts';
import { screenSettings } from './screen-settings.ts';
import { screenStrings as strings } from './screen-strings.ts';
import { typingOf } from './type-text.ts';

const HELD = ['Ctrl', 'Alt', 'Shift', 'Super'] as const;
const PRESSED: readonly { readonly key: string; readonly face: string; readonly label?: string }[] = [
  { key: 'Esc', face: 'Esc' },
  { key: 'Tab', face: 'Tab' },
  { key: 'Enter', face: '↵', label: 'Enter' },
  { key: 'Backspace', face: '⌫', label: 'Backspace' },
  { key: 'Up', face: '↑', label: 'Up' },
  { key: 'Down', face: '↓', label: 'Down' },
  { key: 'Left', face: '←', label: 'Left' },
  { key: 'Right', face: '→', label: 'Right' },
  { key: 'Del', face: 'Del' },
  { key: 'Home', face: 'Home' },
  { key: 'End', face: 'End' },
  { key: 'PgUp', face: 'PgUp' },
  { key: 'PgDn', face: 'PgDn' },
  ...Array.from({ length: 12 }, (_, index) => ({ key: `F${index + 1}`, face: `F${index + 1}` })),
];

/** Never empty, so that the phone's keyboard has something to delete. */
const FILL = '\u00a0';

/** For fingers: keys that phones lack, keys that hold for the next one, and the phone's own keyboard. */
export function TouchKeys({ picture }: { readonly picture: Picture }): ReactElement {
  const [held, setHeld] = useState<readonly string[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const press = (key: string): void => {
    picture.press(comboStrokes([...held, key]));
    setHeld([]);
  };
  const type = (text: string): void => {
    const { strokes } = typingOf(text, KEYMAPS[screenSettings.get().keymap]);
    const around = comboStrokes(held);
    picture.press(around.filter(({ down }) => down));
    for (const one of strokes) picture.press(one);
    picture.press(around.filter(({ down }) => !down));
    setHeld([]);
  };
  /** The phone's keyboard may replace whole words: what differs is typed. */
  const onInput = (): void => {
    const typed = field.current!.value;
    field.current!.value = FILL;
    if (typed === '') press('Backspace');
    else type(typed.replace(FILL, ''));
  };
  return (
    <div className="screen-touch">
      <KeyRow label={strings.touchKeys}>
        <TouchKey
          face={<Icon name="keyboard" />}
          label={strings.keyboard}
          onPress={() => field.current?.focus()}
        />
        {HELD.map((key) => (
          <TouchKey
            key={key}
            face={key}
            held={held.includes(key)}
            onPress={() => setHeld(held.includes(key) ? held.filter((one) => one !== key) : [...held, key])}
          />
        ))}
        {PRESSED.map(({ key, face, label }) => (
          <TouchKey key={key} face={face} label={label} onPress={() => press(key)} />
        ))}
      </KeyRow>
      <textarea
        ref={field}
        className="screen-touch-field"
        aria-label={strings.typeHere}
        rows={1}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        defaultValue={FILL}
        onInput={onInput}
      />
    </div>
  );
}
