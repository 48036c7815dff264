/** X11 keysyms of keys that terminals send as sequences. */
const SPECIAL: ReadonlyMap<number, string> = new Map([
  [0xff08, '\u007f'],
  [0xff09, '\t'],
  [0xff0d, '\r'],
  [0xff8d, '\r'],
  [0xff1b, '\u001b'],
  [0xff50, '\u001b[H'],
  [0xff51, '\u001b[D'],
  [0xff52, '\u001b[A'],
  [0xff53, '\u001b[C'],
  [0xff54, '\u001b[B'],
  [0xff57, '\u001b[F'],
  [0xffff, '\u001b[3~'],
]);
const CONTROL = new Set([0xffe3, 0xffe4]);
const ALT = new Set([0xffe9, 0xffea]);
const DELETE = 0xffff;

/** From keys going down and up to what a terminal sends. */
export class Keyboard {
  #control = false;
  #alt = false;

  /** What the press means: text for the terminal, the three keys that restart a PC, or nothing. */
  press(keysym: number, down: boolean): { readonly text: string } | 'ctrl-alt-del' | undefined {
    if (CONTROL.has(keysym)) this.#control = down;
    else if (ALT.has(keysym)) this.#alt = down;
    else if (down) return this.#text(keysym);
    return undefined;
  }

  #text(keysym: number): { readonly text: string } | 'ctrl-alt-del' | undefined {
    if (this.#control && this.#alt && keysym === DELETE) return 'ctrl-alt-del';
    const special = SPECIAL.get(keysym);
    if (special !== undefined) return { text: special };
    const unicode = keysym >= 0x01000100 && keysym <= 0x0110ffff ? keysym - 0x01000000 : keysym;
    if (unicode < 0x20 || (unicode > 0xff && unicode === keysym)) return undefined;
    const text = String.fromCodePoint(unicode);
    if (!this.#control || !/[@-_a-z]/.test(text)) return { text };
    return { text: String.fromCodePoint(text.toUpperCase().codePointAt(0)! & 0x1f) };
  }
}
