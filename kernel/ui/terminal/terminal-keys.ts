/** The part of a keyboard event that the terminal reads. */
export interface TerminalPress {
  readonly type: string;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export type TerminalCommand = 'copy' | 'paste' | 'find' | 'larger' | 'smaller' | 'usual-size' | 'leave';

/** The key that gives the focus back to the page: inside, Tab belongs to the shell. */
export const LEAVE_KEY = 'Ctrl F6';

const SHIFTED: Readonly<Record<string, TerminalCommand>> = { c: 'copy', v: 'paste', f: 'find' };
const SIZES: Readonly<Record<string, TerminalCommand>> = {
  '+': 'larger',
  '=': 'larger',
  '-': 'smaller',
  _: 'smaller',
  '0': 'usual-size',
};

/** What a press means to the terminal itself; undefined: it belongs to the program that runs there. */
export function terminalCommand(press: TerminalPress): TerminalCommand | undefined {
  if (press.altKey || press.ctrlKey === press.metaKey) return undefined;
  if (press.ctrlKey && press.key === 'F6') return 'leave';
  if (press.key in SIZES) return SIZES[press.key];
  return press.shiftKey ? SHIFTED[press.key.toLowerCase()] : undefined;
}

/** The byte that a terminal sends for Ctrl and this key; the key itself where there is none. */
export function controlled(key: string): string {
  if (key.length !== 1) return key;
  const code = key.toUpperCase().codePointAt(0)!;
  if (key === '?') return '\x7f';
  if (key === ' ') return '\0';
  return code >= 0x40 && code <= 0x5f ? String.fromCodePoint(code - 0x40) : key;
}

/** What a key of the on-screen row sends. Arrows depend on the mode that the program has chosen (DECCKM). */
export function keySequence(key: string, applicationCursor: boolean): string {
  const arrow = { ArrowUp: 'A', ArrowDown: 'B', ArrowRight: 'C', ArrowLeft: 'D' }[key];
  if (arrow !== undefined) return `\x1b${applicationCursor ? 'O' : '['}${arrow}`;
  return { Escape: '\x1b', Tab: '\t' }[key] ?? key;
}
