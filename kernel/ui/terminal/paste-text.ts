export interface Paste {
  readonly text: string;
  /** More than one: each but the last would be run as it comes, unless the program asked for bracketed paste. */
  readonly lines: number;
  /** Control characters that were taken out: they could end the paste and go on as keys. */
  readonly removed: number;
}

/** Line feeds and tabs are text; every other control character is a key that nobody pressed. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** What may be typed for a text from the clipboard. */
export function pasteOf(clipboard: string): Paste {
  const text = clipboard.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROLS, '');
  const removed = clipboard.match(CONTROLS)?.length ?? 0;
  const lines = text.replace(/\n+$/, '').split('\n').length;
  return { text, lines, removed };
}

/** Lines of a paste that are shown before it is made. */
export const SHOWN_LINES = 12;

/** The first lines, each cut to what can be read. */
export function pasteExcerpt({ text }: Paste): readonly string[] {
  return text
    .split('\n')
    .slice(0, SHOWN_LINES)
    .map((line) => (line.length > 200 ? `${line.slice(0, 200)}…` : line));
}
