import { Store } from '../live/store.ts';
import { chooseTheme, theme, THEMES, type Theme } from '../look/theme.ts';
import { setTimeZone } from '../words/format-time.ts';

/** What a person has chosen for this console, in this browser. */
export interface Settings {
  readonly theme: Theme;
  /** Height of a table's row: 28 px for much on a screen, 32 px for fingers and tired eyes. */
  readonly rowPx: 28 | 32;
  /** `local`, `UTC`, or a name of the IANA list (`Europe/Berlin`). */
  readonly timeZone: string;
  /** Chosen when the console is opened without any in the address; empty: all. */
  readonly namespaces: readonly string[];
}

export const USUAL: Settings = { theme: 'system', rowPx: 28, timeZone: 'local', namespaces: [] };

export const settings = new Store<Settings>(USUAL);

const VERSION = 1;
const MAX_NAMESPACES = 50;
let owner: string | undefined;

const keyOf = (person: string): string => `krateyard.settings.${person}`;

/** From now on this person's. */
export function startSettings(person: string): void {
  owner = person;
  // Whoever has chosen nothing here keeps the theme that this browser had.
  put(readSettings(stored(person), { ...USUAL, theme: theme.get() }));
}

/** Whose settings these are: what else is kept for a person in this browser is kept under this name. */
export const settingsOwner = (): string => owner ?? '';

export function changeSettings(change: Partial<Settings>): void {
  put({ ...settings.get(), ...change });
  if (owner === undefined) return;
  try {
    localStorage.setItem(keyOf(owner), JSON.stringify({ version: VERSION, ...settings.get() }));
  } catch {
    // Storage may be forbidden: then the choice lasts as long as the page.
  }
}

/** What can be read of what was kept; what makes no sense is as usual, alone. */
export function readSettings(text: string | null, usual: Settings = USUAL): Settings {
  const saved = parsed(text);
  if (saved['version'] !== VERSION) return usual;
  const { theme, rowPx, timeZone, namespaces } = saved;
  return {
    theme: THEMES.find((known) => known === theme) ?? usual.theme,
    rowPx: rowPx === 32 ? 32 : 28,
    timeZone: typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : usual.timeZone,
    namespaces: Array.isArray(namespaces) ? namespaces.filter(isNamespace).slice(0, MAX_NAMESPACES) : [],
  };
}

export function isTimeZone(name: string): boolean {
  if (name === 'local') return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const isNamespace = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value);

function put(next: Settings): void {
  setTimeZone(next.timeZone === 'local' ? undefined : next.timeZone);
  if (theme.get() !== next.theme) chooseTheme(next.theme);
  if (typeof document !== 'undefined') document.documentElement.style.setProperty('--row', `${next.rowPx}px`);
  settings.set(next);
}

function parsed(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(text ?? 'null');
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function stored(person: string): string | null {
  try {
    return localStorage.getItem(keyOf(person));
  } catch {
    return null;
  }
}
