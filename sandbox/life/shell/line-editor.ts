/** What typing comes to. */
export type EditorEvent =
  | { readonly is: 'line'; readonly text: string }
  | { readonly is: 'interrupt' }
  | { readonly is: 'end' };

const MAX_HISTORY = 200;
const MAX_LINE = 8192;
// eslint-disable-next-line no-control-regex -- an escape sequence begins with the control character.
const ESCAPE = /^\u001b(?:\[([\d;]*)([A-Za-z~])|O([A-Za-z])|([bfd]))/;
const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

/**
 * A line editor in the manner of readline: pure, it turns keys into what to write on the screen and into events. Pasted
 * text (bracketed paste) is inserted as if typed, newlines included.
 */
export class LineEditor {
  #line: string[] = [];
  #cursor = 0;
  #history: string[] = [];
  #at = 0;
  #draft = '';
  #pending = '';
  #prompt = '';
  #lastWasReturn = false;

  /** Begins a line; gives what to write. */
  begin(prompt: string): string {
    this.#prompt = prompt;
    this.#line = [];
    this.#cursor = 0;
    this.#at = this.#history.length;
    this.#draft = '';
    return prompt;
  }

  /** Takes keys up to the first event; the rest comes back to be fed after it. */
  feed(keys: string): { screen: string; event?: EditorEvent; rest: string } {
    let text = this.#pending + keys;
    this.#pending = '';
    let screen = '';
    while (text !== '') {
      if (text.startsWith(PASTE_START) || text.startsWith(PASTE_END)) {
        text = text.slice(PASTE_START.length);
        continue;
      }
      const escape = ESCAPE.exec(text);
      if (!escape && text.startsWith('\u001b') && text.length < 12) {
        this.#pending = text.length > 1 && !'[O'.includes(text[1]!) ? '' : text;
        return { screen, rest: '' };
      }
      if (escape) {
        text = text.slice(escape[0].length);
        screen += this.#escape(escape);
        continue;
      }
      const [key = ''] = text;
      text = text.slice(key.length);
      const wasReturn = this.#lastWasReturn;
      this.#lastWasReturn = key === '\r';
      if (key === '\n' && wasReturn) continue;
      const done = this.#key(key);
      screen += done.screen;
      if (done.event) return { screen, event: done.event, rest: text };
    }
    return { screen, rest: '' };
  }

  /** The prompt and the line once more, as after a clear. */
  redraw(): string {
    const behind = this.#line.length - this.#cursor;
    return `\r\u001b[K${this.#prompt}${this.#line.join('')}${behind > 0 ? `\u001b[${behind}D` : ''}`;
  }

  #key(key: string): { screen: string; event?: EditorEvent } {
    switch (key) {
      case '\r':
      case '\n':
        return this.#enter();
      case '\u0003':
        return { screen: '^C\r\n', event: { is: 'interrupt' } };
      case '\u0004':
        if (this.#line.length === 0) return { screen: '\r\n', event: { is: 'end' } };
        return { screen: this.#remove(this.#cursor, this.#cursor + 1) };
      case '\u007f':
      case '\b':
        return { screen: this.#remove(this.#cursor - 1, this.#cursor) };
      case '\u0015':
        return { screen: this.#remove(0, this.#cursor) };
      case '\u000b':
        return { screen: this.#remove(this.#cursor, this.#line.length) };
      case '\u0017':
        return { screen: this.#remove(this.#wordStart(), this.#cursor) };
      case '\u0001':
        return { screen: this.#move(0) };
      case '\u0005':
        return { screen: this.#move(this.#line.length) };
      case '\u000c':
        return { screen: `\u001b[H\u001b[2J${this.redraw()}` };
      case '\u0010':
        return { screen: this.#recall(-1) };
      case '\u000e':
        return { screen: this.#recall(1) };
      default:
        return { screen: key < ' ' ? '' : this.#insert(key) };
    }
  }

  #enter(): { screen: string; event: EditorEvent } {
    const text = this.#line.join('');
    if (text.trim() !== '' && text !== this.#history.at(-1)) this.#history.push(text);
    if (this.#history.length > MAX_HISTORY) this.#history.shift();
    return { screen: '\r\n', event: { is: 'line', text } };
  }

  #escape([, , final, application, meta]: RegExpExecArray): string {
    switch (final ?? application ?? meta ?? '') {
      case 'A':
        return this.#recall(-1);
      case 'B':
        return this.#recall(1);
      case 'C':
        return this.#move(this.#cursor + 1);
      case 'D':
        return this.#move(this.#cursor - 1);
      case 'H':
        return this.#move(0);
      case 'F':
        return this.#move(this.#line.length);
      case '~':
        return this.#remove(this.#cursor, this.#cursor + 1);
      case 'b':
        return this.#move(this.#wordStart());
      default:
        return '';
    }
  }

  #insert(key: string): string {
    if (this.#line.length >= MAX_LINE) return '';
    this.#line.splice(this.#cursor, 0, key);
    this.#cursor += 1;
    const behind = this.#line.slice(this.#cursor);
    return behind.length === 0 ? key : `${key}${behind.join('')}\u001b[${behind.length}D`;
  }

  #remove(from: number, to: number): string {
    if (from < 0 || to > this.#line.length || from >= to) return '';
    this.#line.splice(from, to - from);
    this.#cursor = Math.min(this.#cursor, from);
    return this.redraw();
  }

  #move(to: number): string {
    const target = Math.max(0, Math.min(this.#line.length, to));
    const by = target - this.#cursor;
    this.#cursor = target;
    if (by === 0) return '';
    return by > 0 ? `\u001b[${by}C` : `\u001b[${-by}D`;
  }

  #recall(by: number): string {
    const to = this.#at + by;
    if (to < 0 || to > this.#history.length) return '';
    if (this.#at === this.#history.length) this.#draft = this.#line.join('');
    this.#at = to;
    this.#line = Array.from(to === this.#history.length ? this.#draft : this.#history[to]!);
    this.#cursor = this.#line.length;
    return this.redraw();
  }

  #wordStart(): number {
    let at = this.#cursor;
    while (at > 0 && this.#line[at - 1] === ' ') at -= 1;
    while (at > 0 && this.#line[at - 1] !== ' ') at -= 1;
    return at;
  }
}
