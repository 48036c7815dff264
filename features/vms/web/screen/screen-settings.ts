import { Store } from '@krateyard/ui/live/store';
import { KEYMAPS, type KeymapName } from './keymaps.ts';

/** `fit`: as large as there is room; `one`: pixel for pixel; `remote`: the machine takes the size of the window, where it can. */
export type Scaling = 'fit' | 'one' | 'remote';

/** What a person likes of screens; kept in the browser, the same for all of them. */
export interface ScreenSettings {
  readonly scaling: Scaling;
  /** The layout that the machine's own keyboard is set to: what is typed for the person is typed by it. */
  readonly keymap: KeymapName;
}

const KEY = 'krateyard.screen';
const SCALINGS: readonly Scaling[] = ['fit', 'one', 'remote'];

export const screenSettings = new Store<ScreenSettings>(stored());

export function changeScreenSettings(change: Partial<ScreenSettings>): void {
  screenSettings.set(validScreenSettings({ ...screenSettings.get(), ...change }));
  try {
    localStorage.setItem(KEY, JSON.stringify(screenSettings.get()));
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
  }
}

/** Settings of anything that was stored: what makes no sense is as usual. */
export function validScreenSettings(found: unknown): ScreenSettings {
  const given = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>;
  return {
    scaling: SCALINGS.find((one) => one === given['scaling']) ?? 'fit',
    keymap: (Object.keys(KEYMAPS) as KeymapName[]).find((one) => one === given['keymap']) ?? 'us',
  };
}

function stored(): ScreenSettings {
  try {
    return validScreenSettings(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
  } catch {
    return validScreenSettings(undefined);
  }
}
