import { Store } from '../live/store.ts';

/** What a person likes of terminals; kept in the browser, the same for all of them. */
export interface TerminalSettings {
  readonly fontSize: number;
  /** What is selected is copied at once, and a right click always pastes. */
  readonly copyOnSelect: boolean;
  /** Output is read out, and the lines can be walked with the screen reader's keys. */
  readonly screenReader: boolean;
  /** `dom` where the graphics card draws wrongly. */
  readonly renderer: 'auto' | 'dom';
}

export const MIN_FONT_SIZE = 8;
export const MAX_FONT_SIZE = 32;
export const USUAL_SETTINGS: TerminalSettings = {
  fontSize: 13,
  copyOnSelect: true,
  screenReader: false,
  renderer: 'auto',
};

const KEY = 'krateyard.terminal';

export const terminalSettings = new Store<TerminalSettings>(stored());

export function changeTerminalSettings(change: Partial<TerminalSettings>): void {
  terminalSettings.set(validSettings({ ...terminalSettings.get(), ...change }));
  try {
    localStorage.setItem(KEY, JSON.stringify(terminalSettings.get()));
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
  }
}

/** Settings of anything that was stored: what makes no sense is as usual. */
export function validSettings(found: unknown): TerminalSettings {
  const given = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>;
  const size = typeof given['fontSize'] === 'number' ? given['fontSize'] : USUAL_SETTINGS.fontSize;
  const flag = (name: 'copyOnSelect' | 'screenReader'): boolean =>
    typeof given[name] === 'boolean' ? given[name] : USUAL_SETTINGS[name];
  return {
    fontSize: Math.round(Math.min(MAX_FONT_SIZE, Math.max(MIN_FONT_SIZE, size || USUAL_SETTINGS.fontSize))),
    copyOnSelect: flag('copyOnSelect'),
    screenReader: flag('screenReader'),
    renderer: given['renderer'] === 'dom' ? 'dom' : 'auto',
  };
}

function stored(): TerminalSettings {
  try {
    return validSettings(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
  } catch {
    return USUAL_SETTINGS;
  }
}
