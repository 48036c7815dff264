import type { ITheme } from '@xterm/xterm';
import { theme } from '../look/theme.ts';

const ANSI = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** The terminal's colours as the tokens give them where `inside` stands: in the theme that shows now. */
export function terminalTheme(inside: HTMLElement): ITheme {
  const probe = document.createElement('span');
  inside.append(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return hexOf(getComputedStyle(probe).color);
  };
  const named: [string, string][] = ANSI.flatMap((name): [string, string][] => [
    [name, colour(`term-${name}`)],
    [`bright${name[0]!.toUpperCase()}${name.slice(1)}`, colour(`term-bright-${name}`)],
  ]);
  const found: ITheme = {
    foreground: colour('term-text'),
    background: colour('term-ground'),
    cursor: colour('accent'),
    cursorAccent: colour('term-ground'),
    selectionBackground: colour('term-selection'),
    selectionInactiveBackground: colour('term-selection'),
    scrollbarSliderBackground: colour('ground-3'),
    scrollbarSliderHoverBackground: colour('line-strong'),
    scrollbarSliderActiveBackground: colour('line-strong'),
    overviewRulerBorder: colour('term-ground'),
    ...Object.fromEntries(named),
  };
  probe.remove();
  return found;
}

/** Colours of matches of a search: `#rrggbb`, as the search asks for. */
export function matchColours(inside: HTMLElement): { readonly match: string; readonly active: string } {
  const { yellow = '#b58900', brightYellow = '#ffd75f' } = terminalTheme(inside);
  return { match: yellow, active: brightYellow };
}

/** Calls back when the theme may have changed: chosen here, or by the system. */
export function onThemeChange(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', listener);
  const unsubscribe = theme.subscribe(() => queueMicrotask(listener));
  return () => {
    media.removeEventListener('change', listener);
    unsubscribe();
  };
}

/** `rgb(1, 2, 3)` as `#010203`. */
function hexOf(computed: string): string {
  const parts = computed.match(/[\d.]+/g)?.slice(0, 3) ?? ['0', '0', '0'];
  return `#${parts.map((part) => Math.round(Number(part)).toString(16).padStart(2, '0')).join('')}`;
}
