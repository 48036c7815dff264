import { formatCount } from '../words/format-time.ts';

/** Everything that terminals say themselves. */
export const terminalStrings = {
  label: (title: string): string => `Terminal: ${title}`,
  leaveHint: (key: string): string => `Tab goes to the shell. ${key} leaves the terminal.`,
  copied: 'Copied.',
  copyFailed:
    'The browser does not allow copying. Select the text and use its own menu (Shift and right click).',
  pasteFailed:
    'The browser does not let this page read the clipboard. Ctrl Shift V pastes without asking it.',
  controlsRemoved: (count: number): string =>
    `${formatCount(count)} control ${count === 1 ? 'character was' : 'characters were'} left out of the paste.`,
  pasteTitle: (lines: number): string => `Paste ${formatCount(lines)} lines?`,
  pasteRuns: 'The program there takes each line as typed and may run it at once.',
  pasteMore: (lines: number): string => `… and ${formatCount(lines)} more`,
  paste: 'Paste',
  pasteOneLine: 'Paste as one line',

  find: 'Find',
  findLabel: 'Find in the terminal',
  findNext: 'Next match',
  findBefore: 'Match before',
  findClose: 'Close the search',
  matches: (index: number, count: number): string =>
    count === 0
      ? 'no match'
      : index < 0
        ? `${formatCount(count)}+`
        : `${formatCount(index + 1)} of ${formatCount(count)}`,

  keysRow: 'Terminal keys',
  control: 'Ctrl, for the next key',
  arrow: { ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right' },

  menu: 'Terminal settings',
  larger: 'Larger',
  smaller: 'Smaller',
  usualSize: 'Usual size',
  fontSize: (size: number): string => `Text size ${formatCount(size)}`,
  copyOnSelect: 'Selecting copies',
  screenReader: 'Screen reader mode',
  plainRenderer: 'Draw without the graphics card',
} as const;
