import type { TerminalHost, TerminalSize } from './terminal-host.ts';

export interface TerminalViewProps {
  /** Says to screen readers which terminal this is. */
  readonly title: string;
  /** False while it is behind another tab. */
  readonly shown: boolean;
  /** Gets the focus as soon as this holds; a terminal that was hidden gets it whenever it shows again. */
  readonly focused?: boolean;
  /** Keys go nowhere; selecting, copying and searching still work. */
  readonly readOnly?: boolean;
  /** The size that somebody else has set; absent: as large as there is room. */
  readonly fixed?: TerminalSize | undefined;
  readonly onInput: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly onResize?: (size: TerminalSize) => void;
  readonly onTitle?: (title: string) => void;
  /** The terminal is there and has its size. What it returns is called before it goes. */
  readonly onReady: (host: TerminalHost) => (() => void) | void;
}
