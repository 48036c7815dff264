import type { ReactElement, ReactNode } from 'react';
import { useStore } from '../live/use-store.ts';
import {
  changeTerminalSettings,
  MAX_FONT_SIZE,
  MIN_FONT_SIZE,
  terminalSettings,
  USUAL_SETTINGS,
} from './terminal-settings.ts';
import { terminalStrings as strings } from './terminal-strings.ts';
import './terminal-menu.css';

/** How terminals look and behave, for all of them; `children` stand below. */
export function TerminalMenu({ children }: { readonly children?: ReactNode }): ReactElement {
  const { fontSize, copyOnSelect, screenReader, renderer } = useStore(terminalSettings);
  return (
    <div className="terminal-menu" role="group" aria-label={strings.menu}>
      <div className="terminal-size">
        <span>{strings.fontSize(fontSize)}</span>
        <button
          type="button"
          className="square"
          aria-label={strings.smaller}
          disabled={fontSize <= MIN_FONT_SIZE}
          onClick={() => changeTerminalSettings({ fontSize: fontSize - 1 })}
        >
          −
        </button>
        <button
          type="button"
          className="square"
          aria-label={strings.usualSize}
          onClick={() => changeTerminalSettings({ fontSize: USUAL_SETTINGS.fontSize })}
        >
          0
        </button>
        <button
          type="button"
          className="square"
          aria-label={strings.larger}
          disabled={fontSize >= MAX_FONT_SIZE}
          onClick={() => changeTerminalSettings({ fontSize: fontSize + 1 })}
        >
          +
        </button>
      </div>
      <Choice
        label={strings.copyOnSelect}
        on={copyOnSelect}
        onChange={(on) => changeTerminalSettings({ copyOnSelect: on })}
      />
      <Choice
        label={strings.screenReader}
        on={screenReader}
        onChange={(on) => changeTerminalSettings({ screenReader: on })}
      />
      <Choice
        label={strings.plainRenderer}
        on={renderer === 'dom'}
        onChange={(on) => changeTerminalSettings({ renderer: on ? 'dom' : 'auto' })}
      />
      {children}
    </div>
  );
}

function Choice(props: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}): ReactElement {
  return (
    <label>
      <input type="checkbox" checked={props.on} onChange={(event) => props.onChange(event.target.checked)} />
      {props.label}
    </label>
  );
}
