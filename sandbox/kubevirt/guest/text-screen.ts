/** One cell of the screen: the character's code point; attributes are not kept. */
const BLANK = 0x20;

/**
 * A text console of fixed size: what a VGA card in text mode shows. Understands printable ASCII, CR, LF, BS, TAB and the few
 * escape sequences that shells use (cursor home and moves, erase in line and display); passes over all others.
 */
export class TextScreen {
  readonly columns: number;
  readonly rows: number;
  readonly cells: Uint8Array;
  #column = 0;
  #row = 0;
  #escape = '';
  #version = 0;

  constructor(columns = 80, rows = 25) {
    this.columns = columns;
    this.rows = rows;
    this.cells = new Uint8Array(columns * rows).fill(BLANK);
  }

  /** Counts changes. */
  get version(): number {
    return this.#version;
  }

  get cursor(): { readonly column: number; readonly row: number } {
    return { column: Math.min(this.#column, this.columns - 1), row: this.#row };
  }

  /** The lines, without trailing blanks. */
  text(): string {
    return Array.from({ length: this.rows }, (_, row) =>
      String.fromCodePoint(...this.cells.subarray(row * this.columns, (row + 1) * this.columns)).trimEnd(),
    ).join('\n');
  }

  clear(): void {
    this.cells.fill(BLANK);
    this.#column = 0;
    this.#row = 0;
    this.#version += 1;
  }

  write(text: string): void {
    for (const character of text) this.#take(character);
    this.#version += 1;
  }

  #take(character: string): void {
    if (this.#escape !== '') return this.#inEscape(character);
    switch (character) {
      case '\u001b':
        this.#escape = character;
        return;
      case '\r':
        this.#column = 0;
        return;
      case '\n':
        this.#newline();
        return;
      case '\b':
        this.#column = Math.max(0, Math.min(this.#column, this.columns) - 1);
        return;
      case '\t':
        this.#column = Math.min(this.columns - 1, (Math.floor(this.#column / 8) + 1) * 8);
        return;
      default:
        if (character >= ' ') this.#print(character.codePointAt(0)!);
    }
  }

  #print(code: number): void {
    if (this.#column >= this.columns) {
      this.#column = 0;
      this.#newline();
    }
    this.cells[this.#row * this.columns + this.#column] = code < 0x7f ? code : 0x3f;
    this.#column += 1;
  }

  #newline(): void {
    if (this.#row < this.rows - 1) {
      this.#row += 1;
      return;
    }
    this.cells.copyWithin(0, this.columns);
    this.cells.fill(BLANK, (this.rows - 1) * this.columns);
  }

  #inEscape(character: string): void {
    this.#escape += character;
    const sequence = this.#escape;
    const open = sequence.length === 2 && character === '[';
    const inside = sequence.startsWith('\u001b[') && /[0-9;?]/.test(character) && sequence.length < 16;
    if (open || inside) return;
    this.#escape = '';
    if (sequence === '\u001bc') this.clear();
    const control = /^\[([\d;]*)([A-Za-z])$/.exec(sequence.slice(1));
    if (control) this.#control(control[2]!, (control[1] ?? '').split(';').map(Number));
  }

  #control(letter: string, [first = 0, second = 0]: readonly number[]): void {
    const at = this.#row * this.columns;
    const steps = Math.max(1, first);
    if (letter === 'H' || letter === 'f') {
      this.#row = Math.min(this.rows, Math.max(1, first)) - 1;
      this.#column = Math.min(this.columns, Math.max(1, second)) - 1;
    } else if (letter === 'A') this.#row = Math.max(0, this.#row - steps);
    else if (letter === 'B') this.#row = Math.min(this.rows - 1, this.#row + steps);
    else if (letter === 'C') this.#column = Math.min(this.columns - 1, this.#column + steps);
    else if (letter === 'D') this.#column = Math.max(0, Math.min(this.#column, this.columns - 1) - steps);
    else if (letter === 'K')
      this.cells.fill(
        BLANK,
        first === 0 ? at + this.#column : at,
        first === 1 ? at + this.#column : at + this.columns,
      );
    else if (letter === 'J')
      this.cells.fill(
        BLANK,
        first === 0 ? at + this.#column : 0,
        first === 1 ? at + this.#column : undefined,
      );
  }
}
