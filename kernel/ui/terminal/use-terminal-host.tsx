import { useEffect, useRef, useState, type RefObject } from 'react';
import { openDialog } from '../dialogs/dialogs.ts';
import { announce } from '../parts/announce.ts';
import { readClipboard } from '../parts/clipboard.ts';
import { toast } from '../parts/toasts.ts';
import { PasteDialog } from './paste-dialog.tsx';
import { pasteOf } from './paste-text.ts';
import type { StickyControl } from './sticky-control.ts';
import { TerminalHost, type TerminalEvents } from './terminal-host.ts';
import { controlled } from './terminal-keys.ts';
import { terminalStrings as strings } from './terminal-strings.ts';
import type { TerminalViewProps } from './terminal-props.ts';

interface UsedTerminal {
  /** Goes onto the element that the terminal fills. */
  readonly screen: RefObject<HTMLDivElement | null>;
  /** Undefined until the font is there. */
  readonly host: TerminalHost | undefined;
}

/** A terminal in an element, from the first render to the last. What the props do may change at every render. */
export function useTerminalHost(
  props: TerminalViewProps,
  control: StickyControl,
  onCommand: (command: 'find' | 'leave') => void,
): UsedTerminal {
  const { shown, focused = false, fixed } = props;
  const screen = useRef<HTMLDivElement>(null);
  const [host, setHost] = useState<TerminalHost>();
  const latest = useRef({ props, onCommand });
  useEffect(() => {
    latest.current = { props, onCommand };
  });
  useEffect(() => {
    const stop = new AbortController();
    void openHost(screen.current!, () => latest.current, control, stop.signal).then(setHost);
    return () => stop.abort();
  }, [control]);
  useEffect(() => host?.show(shown), [host, shown]);
  const { rows, cols } = fixed ?? {};
  useEffect(() => {
    host?.fix(rows === undefined || cols === undefined ? undefined : { rows, cols });
  }, [host, rows, cols]);
  const wasHidden = useRef(false);
  useEffect(() => {
    if (!shown) wasHidden.current = true;
    else if (focused || wasHidden.current) host?.focus();
  }, [host, shown, focused]);
  return { screen, host };
}

interface Latest {
  readonly props: TerminalViewProps;
  readonly onCommand: (command: 'find' | 'leave') => void;
}

/** Undefined when it is over before it has begun. The signal ends the terminal. */
async function openHost(
  element: HTMLElement,
  latest: () => Latest,
  control: StickyControl,
  signal: AbortSignal,
): Promise<TerminalHost | undefined> {
  const host = await TerminalHost.open(
    element,
    eventsOf(latest, control, () => host),
  );
  if (signal.aborted) {
    host.dispose();
    return undefined;
  }
  const { fixed, shown, onReady } = latest().props;
  host.fix(fixed);
  host.show(shown);
  const leave = onReady(host);
  signal.addEventListener('abort', () => {
    leave?.();
    host.dispose();
  });
  return host;
}

function eventsOf(latest: () => Latest, control: StickyControl, host: () => TerminalHost): TerminalEvents {
  const paste = (text: string): void => {
    if (text !== '' && !latest().props.readOnly) askAndPaste(host(), text);
  };
  return {
    readOnly: () => latest().props.readOnly ?? false,
    onInput: (bytes) => {
      const { readOnly, onInput } = latest().props;
      if (!readOnly) onInput(control.take() ? withControl(bytes) : bytes);
    },
    onResize: (size) => latest().props.onResize?.(size),
    onTitle: (text) => latest().props.onTitle?.(text),
    onPaste: paste,
    onCopied: (allowed) => (allowed ? announce(strings.copied) : toast('warn', strings.copyFailed)),
    onCommand: (command) => {
      if (command === 'paste') void pasteClipboard(paste);
      else latest().onCommand(command);
    },
  };
}

/** Several lines are asked about first: each may run as it comes. */
function askAndPaste(host: TerminalHost, text: string): void {
  const paste = pasteOf(text);
  if (paste.removed > 0) toast('warn', strings.controlsRemoved(paste.removed));
  if (paste.lines < 2) return host.paste(paste.text);
  openDialog(() => <PasteDialog paste={paste} onPaste={(confirmed) => host.paste(confirmed)} />);
}

/** The byte of Ctrl and the key, where one key was pressed. */
function withControl(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.length === 1 ? new TextEncoder().encode(controlled(String.fromCodePoint(bytes[0]!))) : bytes;
}

async function pasteClipboard(paste: (text: string) => void): Promise<void> {
  const text = await readClipboard(strings.pasteFailed);
  if (text !== undefined) paste(text);
}
