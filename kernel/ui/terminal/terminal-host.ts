import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal, type IDisposable } from '@xterm/xterm';
import { Store } from '../live/store.ts';
import { putOnClipboard } from '../parts/clipboard.ts';
import { withAdoptedRules } from './adopted-rules.ts';
import { terminalCommand, type TerminalCommand } from './terminal-keys.ts';
import { changeTerminalSettings, terminalSettings, USUAL_SETTINGS } from './terminal-settings.ts';
import { matchColours, onThemeChange, terminalTheme } from './terminal-theme.ts';

export interface TerminalSize {
  readonly rows: number;
  readonly cols: number;
}

export interface TerminalEvents {
  /** True while nothing may be typed: keys then are the page's, and Tab moves on. */
  readOnly(): boolean;
  /** Keys, as bytes. */
  onInput(bytes: Uint8Array<ArrayBuffer>): void;
  /** The terminal has another size now. */
  onResize?(size: TerminalSize): void;
  /** The program has named what it shows (OSC 0, 2). */
  onTitle?(title: string): void;
  onCommand(command: 'paste' | 'find' | 'leave'): void;
  /** Text was copied; false: the browser did not allow it. */
  onCopied?(allowed: boolean): void;
  /** Text that somebody wants to paste, by whichever way. */
  onPaste(text: string): void;
}

export interface TerminalMatches {
  readonly index: number;
  readonly count: number;
}

/** Lines above the screen that can be scrolled back to. */
const SCROLLBACK_LINES = 10_000;
const FONT = '"IBM Plex Mono", ui-monospace, monospace';
/** Smaller cannot be read: then the terminal scrolls. */
const LEAST_FONT_SIZE = 8;
const MAX_MATCHES = 1000;

/**
 * An xterm in an element: whatever is written is drawn, whatever is typed is told. Knows nothing of shells: a serial console or a
 * replay is shown by the same. `dispose` leaves nothing behind.
 */
export class TerminalHost {
  readonly matches = new Store<TerminalMatches>({ index: -1, count: 0 });
  readonly terminal: Terminal;
  readonly #element: HTMLElement;
  readonly #events: TerminalEvents;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: MAX_MATCHES });
  readonly #disposers: (() => void)[] = [];
  #webgl: WebglAddon | undefined;
  #fixed: TerminalSize | undefined;
  #shown = false;
  #frame = 0;

  /** Resolves when the font is there: cells are measured with it. */
  static async open(element: HTMLElement, events: TerminalEvents): Promise<TerminalHost> {
    const { fontSize } = terminalSettings.get();
    await document.fonts.load(`${fontSize}px ${FONT}`).catch(() => []);
    return new TerminalHost(element, events);
  }

  private constructor(element: HTMLElement, events: TerminalEvents) {
    this.#element = element;
    this.#events = events;
    const { fontSize, screenReader } = terminalSettings.get();
    this.terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: false,
      fontFamily: FONT,
      fontSize,
      fontWeightBold: '400',
      lineHeight: 1.2,
      // Colours that a program chooses must be read on our ground too.
      minimumContrastRatio: 4.5,
      screenReaderMode: screenReader,
      scrollback: SCROLLBACK_LINES,
      rightClickSelectsWord: false,
      overviewRuler: { width: 12 },
      theme: terminalTheme(element),
    });
    this.#load();
    withAdoptedRules(() => this.terminal.open(element));
    this.#listen();
  }

  get size(): TerminalSize {
    return { rows: this.terminal.rows, cols: this.terminal.cols };
  }

  /** What is drawn by: for whoever looks why it looks so. */
  get renderer(): 'webgl' | 'dom' {
    return this.#webgl ? 'webgl' : 'dom';
  }

  /** `drawn` is called when the bytes are part of what shows. */
  write(bytes: Uint8Array | string, drawn?: () => void): void {
    this.terminal.write(bytes, drawn);
  }

  /** As if it had been typed; brackets are added where the program asked for them. */
  paste(text: string): void {
    this.terminal.paste(text);
  }

  /** A key of a row on the screen, or of a menu. */
  press(sequence: string): void {
    this.terminal.input(sequence, true);
  }

  /** Undefined: as large as there is room. Else that size, whatever the room: somebody else decides. */
  fix(size: TerminalSize | undefined): void {
    this.#fixed = size;
    this.#layout();
  }

  /** Only terminals that show hold a graphics context: browsers have few. */
  show(shown: boolean): void {
    this.#shown = shown;
    if (!shown) return this.#dropWebgl();
    this.#takeWebgl();
    this.#layout();
  }

  focus(): void {
    this.terminal.focus();
  }

  find(text: string, options: { readonly back?: boolean; readonly typing?: boolean } = {}): void {
    const { match, active } = matchColours(this.#element);
    const search = {
      incremental: options.typing ?? false,
      decorations: {
        matchBorder: match,
        matchOverviewRuler: match,
        activeMatchBorder: active,
        activeMatchColorOverviewRuler: active,
      },
    };
    if (text === '') return this.endFind();
    if (options.back) this.#search.findPrevious(text, search);
    else this.#search.findNext(text, search);
  }

  endFind(): void {
    this.#search.clearDecorations();
    this.terminal.clearSelection();
    this.matches.set({ index: -1, count: 0 });
  }

  /** True when there was something selected. */
  async copySelection(): Promise<boolean> {
    const text = this.terminal.getSelection();
    if (text === '') return false;
    this.#events.onCopied?.(await putOnClipboard(text));
    return true;
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const dispose of this.#disposers.splice(0).toReversed()) dispose();
    this.terminal.dispose();
  }

  #load(): void {
    const { terminal } = this;
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(this.#search);
    terminal.loadAddon(new Unicode11Addon());
    terminal.unicode.activeVersion = '11';
    terminal.loadAddon(
      new WebLinksAddon((_event, address) => window.open(address, '_blank', 'noopener,noreferrer')),
    );
    terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
  }

  #listen(): void {
    const { terminal } = this;
    const encoder = new TextEncoder();
    const keep = (...subscriptions: IDisposable[]): void => {
      for (const one of subscriptions) this.#disposers.push(() => one.dispose());
    };
    keep(
      terminal.onData((text) => this.#events.onInput(encoder.encode(text))),
      terminal.onBinary((text) => this.#events.onInput(Uint8Array.from(text, (char) => char.charCodeAt(0)))),
      terminal.onResize((size) => this.#events.onResize?.(size)),
      terminal.onTitleChange((title) => this.#events.onTitle?.(title)),
      this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
        this.matches.set({ index: resultIndex, count: resultCount }),
      ),
    );
    this.#listenToMouse();
    const observer = new ResizeObserver(() => this.#layoutSoon());
    observer.observe(this.#element);
    this.#disposers.push(
      () => observer.disconnect(),
      terminalSettings.subscribe(() => this.#applySettings()),
      onThemeChange(() => (terminal.options.theme = terminalTheme(this.#element))),
    );
  }

  #listenToMouse(): void {
    const element = this.#element;
    const on = <K extends keyof HTMLElementEventMap>(
      name: K,
      listener: (event: HTMLElementEventMap[K]) => void,
      capture = false,
    ): void => {
      element.addEventListener(name, listener, { capture });
      this.#disposers.push(() => element.removeEventListener(name, listener, { capture }));
    };
    on('contextmenu', (event) => this.#onRightClick(event), true);
    on('mouseup', (event) => {
      if (event.button === 0 && terminalSettings.get().copyOnSelect) void this.copySelection();
    });
    // Before xterm takes it: what is pasted may have to be asked about first.
    on(
      'paste',
      (event) => {
        const text = event.clipboardData?.getData('text/plain');
        event.preventDefault();
        event.stopPropagation();
        if (text) this.#events.onPaste(text);
      },
      true,
    );
  }

  /** Copies what is selected and not copied yet, else pastes. With Shift the browser's own menu opens. */
  #onRightClick(event: MouseEvent): void {
    if (event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const copies = this.terminal.hasSelection() && !terminalSettings.get().copyOnSelect;
    if (!copies) return this.#events.onCommand('paste');
    void this.copySelection();
    this.terminal.clearSelection();
  }

  #onKey(event: KeyboardEvent): boolean {
    const command = terminalCommand(event);
    if (command === undefined) return !this.#events.readOnly();
    // The browser's own paste needs no leave to read the clipboard: its event comes to `paste`.
    if (command === 'paste') return false;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === 'keydown') this.#run(command);
    return false;
  }

  #run(command: TerminalCommand): void {
    const { fontSize } = terminalSettings.get();
    switch (command) {
      case 'copy':
        return void this.copySelection();
      case 'larger':
        return changeTerminalSettings({ fontSize: fontSize + 1 });
      case 'smaller':
        return changeTerminalSettings({ fontSize: fontSize - 1 });
      case 'usual-size':
        return changeTerminalSettings({ fontSize: USUAL_SETTINGS.fontSize });
      case 'paste':
      case 'find':
      case 'leave':
        return this.#events.onCommand(command);
    }
  }

  #applySettings(): void {
    const { screenReader, renderer } = terminalSettings.get();
    this.terminal.options.screenReaderMode = screenReader;
    if (renderer === 'dom') this.#dropWebgl();
    else if (this.#shown) this.#takeWebgl();
    this.#layout();
  }

  #layoutSoon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#layout());
  }

  #layout(): void {
    if (this.#element.clientWidth === 0 || this.#element.clientHeight === 0) return;
    this.#fitFont();
    const { cols, rows } = this.#fixed ?? this.#fit.proposeDimensions() ?? this.terminal;
    if (!Number.isFinite(cols) || !Number.isFinite(rows)) return;
    if (cols !== this.terminal.cols || rows !== this.terminal.rows) {
      this.terminal.resize(Math.max(2, cols), Math.max(1, rows));
    }
  }

  /** Smaller where a size that somebody else has set would not fit; never larger than chosen. */
  #fitFont(): void {
    const { fontSize } = terminalSettings.get();
    const { options } = this.terminal;
    const now = options.fontSize ?? fontSize;
    const room = this.#fit.proposeDimensions();
    const fixed = this.#fixed;
    const share = fixed && room ? Math.min(room.cols / fixed.cols, room.rows / fixed.rows) : undefined;
    const wanted =
      share === undefined ? fontSize : Math.max(LEAST_FONT_SIZE, Math.floor(now * share * 2) / 2);
    const next = Math.min(fontSize, Number.isFinite(wanted) ? wanted : fontSize);
    if (next !== now) options.fontSize = next;
  }

  /** The DOM draws until the graphics card does, and again when its context is lost. */
  #takeWebgl(): void {
    if (this.#webgl || terminalSettings.get().renderer === 'dom') return;
    const addon = new WebglAddon();
    try {
      addon.onContextLoss(() => this.#dropWebgl());
      this.terminal.loadAddon(addon);
      this.#webgl = addon;
    } catch {
      withAdoptedRules(() => addon.dispose());
    }
    this.#element.dataset['renderer'] = this.renderer;
  }

  #dropWebgl(): void {
    const addon = this.#webgl;
    this.#webgl = undefined;
    if (addon) withAdoptedRules(() => addon.dispose());
    this.#element.dataset['renderer'] = this.renderer;
  }
}
