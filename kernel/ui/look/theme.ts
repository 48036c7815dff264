import { Store } from '../live/store.ts';

export type Theme = 'system' | 'dark' | 'light';

const KEY = 'krateyard.theme';
export const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

/** The person's choice; `system` follows the operating system as it changes. */
export const theme = new Store<Theme>(stored());

export function chooseTheme(chosen: Theme): void {
  theme.set(chosen);
  applyTheme();
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
  }
}

/** Call once before the first render. */
export function applyTheme(): void {
  const chosen = theme.get();
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}

function stored(): Theme {
  try {
    const found = localStorage.getItem(KEY);
    return THEMES.find((known) => known === found) ?? 'system';
  } catch {
    return 'system';
  }
}
