/** How a stretch of text is drawn. Colours: 0–15 of the palette, or `#rrggbb`. */
export interface AnsiStyle {
  readonly fg?: number | string;
  readonly bg?: number | string;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly inverse?: true;
  readonly strike?: true;
}

export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
}

/** What ECMA-48 calls control sequences (CSI), strings (OSC, DCS, SOS, PM, APC) and two-byte escapes; unended ones too. */
const ESCAPE = new RegExp(
  [
    String.raw`\u001B(?:\[([0-?]*)[ -/]*([@-~]|$)`,
    String.raw`[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\|$)`,
    String.raw`[ -/]*[0-~]`,
    '$)',
  ].join('|'),
  'g',
);
// oxlint-disable-next-line no-control-regex -- the same
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g;
// oxlint-disable-next-line no-control-regex -- the same
const ANY_CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/;
const PLAIN: AnsiStyle = {};

/** The text without escape sequences; other control characters are shown as their pictures, tabs stay. */
export function plainText(text: string): string {
  return ANY_CONTROL.test(text) ? pictured(text.replace(ESCAPE, '')) : text;
}

/** Stretches in order; their texts together are `plainText(text)`. Colours end with the line. */
export function parseAnsi(text: string): readonly AnsiSpan[] {
  if (!text.includes('\u001B')) return text === '' ? [] : [{ text: plainText(text), style: PLAIN }];
  const spans: AnsiSpan[] = [];
  let style = PLAIN;
  let from = 0;
  const take = (to: number): void => {
    if (to > from) spans.push({ text: pictured(text.slice(from, to)), style });
  };
  for (const match of text.matchAll(ESCAPE)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm' && !/[<-?]/.test(match[1] ?? '')) style = graphics(style, match[1] ?? '');
  }
  take(text.length);
  return spans;
}

function pictured(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\uFFFD';
  });
}

type Draft = { -readonly [K in keyof AnsiStyle]: AnsiStyle[K] };

/** "Select graphic rendition": what is not known changes nothing. */
function graphics(before: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map((part) => Number(part || '0'));
  let style: Draft = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at]!;
    if (code === 0) style = {};
    else if (code === 38 || code === 48) {
      const [color, used] = extended(codes, at + 1);
      at += used;
      if (color !== undefined) style[code === 38 ? 'fg' : 'bg'] = color;
    } else apply(style, code);
  }
  return style;
}

const ON: Readonly<Record<number, 'bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'strike'>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};
const OFF: Readonly<Record<number, readonly (keyof AnsiStyle)[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
  39: ['fg'],
  49: ['bg'],
};

function apply(style: Draft, code: number): void {
  const on = ON[code];
  if (on) style[on] = true;
  for (const name of OFF[code] ?? []) delete style[name];
  if (code >= 30 && code <= 37) style.fg = code - 30;
  if (code >= 40 && code <= 47) style.bg = code - 40;
  if (code >= 90 && code <= 97) style.fg = code - 82;
  if (code >= 100 && code <= 107) style.bg = code - 92;
}

/** `5;n` of 256 colours, `2;r;g;b`: the colour and how many codes it took. */
function extended(codes: readonly number[], at: number): [number | string | undefined, number] {
  if (codes[at] === 5) return [indexed(codes[at + 1] ?? -1), 2];
  if (codes[at] === 2) return [rgb(codes.slice(at + 1, at + 4)), 4];
  return [undefined, 0];
}

const STEPS = [0, 95, 135, 175, 215, 255];

/** The palette of 256: 16 named ones, a cube of 6 × 6 × 6, 24 greys. */
function indexed(index: number): number | string | undefined {
  if (!(index >= 0 && index <= 255)) return undefined;
  if (index < 16) return index;
  if (index >= 232) return rgb(Array<number>(3).fill(8 + (index - 232) * 10));
  const cube = index - 16;
  return rgb([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => STEPS[step]!));
}

function rgb(parts: readonly number[]): string | undefined {
  if (parts.length !== 3 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
