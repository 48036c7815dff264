import { plainText } from './ansi.ts';

export const TAB_CELLS = 8;
const SIMPLE = /^[\u0020-\u007E\u00A0-\u02FF]*$/;

/** How many columns of a monospaced font the text takes: wide letters two, combining marks none, tabs to the next stop. */
export function cellsOf(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let cells = 0;
  for (const character of plainText(text)) {
    if (character === '\t') cells += TAB_CELLS - (cells % TAB_CELLS);
    else cells += widthOf(character.codePointAt(0)!);
  }
  return cells;
}

function widthOf(code: number): number {
  if (code < 0x300) return 1;
  if (code < 0x370 || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f)) return 0;
  return isWide(code) ? 2 : 1;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    code >= 0x1f300
  );
}
