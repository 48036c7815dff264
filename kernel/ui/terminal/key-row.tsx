import type { ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { TouchKey, TouchKeys } from '../parts/touch-keys.tsx';
import type { StickyControl } from './sticky-control.ts';
import type { TerminalHost } from './terminal-host.ts';
import { keySequence } from './terminal-keys.ts';
import { terminalStrings as strings } from './terminal-strings.ts';

const KEYS: readonly { readonly key: string; readonly face: string; readonly label?: string }[] = [
  { key: 'Escape', face: 'Esc' },
  { key: 'Tab', face: 'Tab' },
  { key: 'Control', face: 'Ctrl', label: strings.control },
  { key: 'ArrowUp', face: '↑', label: strings.arrow.ArrowUp },
  { key: 'ArrowDown', face: '↓', label: strings.arrow.ArrowDown },
  { key: 'ArrowLeft', face: '←', label: strings.arrow.ArrowLeft },
  { key: 'ArrowRight', face: '→', label: strings.arrow.ArrowRight },
  { key: '|', face: '|' },
  { key: '~', face: '~' },
  { key: '/', face: '/' },
  { key: '-', face: '-' },
];

/** Keys that phones' keyboards lack. */
export function KeyRow(props: {
  readonly host: TerminalHost;
  readonly control: StickyControl;
}): ReactElement {
  const { host, control } = props;
  const held = useStore(control.held);
  const press = (key: string): void => {
    if (key === 'Control') return control.toggle();
    const { applicationCursorKeysMode } = host.terminal.modes;
    if (key.length > 1) control.take();
    // Ctrl is added where the key arrives as input, as for the phone's own.
    host.press(keySequence(key, applicationCursorKeysMode));
  };
  return (
    <TouchKeys label={strings.keysRow}>
      {KEYS.map(({ key, face, label }) => (
        <TouchKey
          key={key}
          face={face}
          label={label}
          held={key === 'Control' ? held : undefined}
          onPress={() => press(key)}
        />
      ))}
    </TouchKeys>
  );
}
