import { sessionStrings } from '@krateyard/ui/terminal/session-strings';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { ConsoleExitReason } from '../../contract/console-protocol.ts';

/** Everything that serial consoles say. */
export const serialStrings = {
  ...sessionStrings,
  open: 'Open the serial console',
  short: 'Serial console',
  title: (name: string): string => `${name} · serial`,
  documentTitle: (name: string): string => `Serial console of ${name} · Krateyard`,
  bar: 'Serial console',
  recordings: 'Recordings of this console',
  peopleLabel: 'People at this console',
  linkCopied: 'The link is copied. Who may use this machine’s console can join by it.',
  lostHeld: (seconds: number): string =>
    seconds > 0
      ? `What the machine says is kept for ${formatCount(seconds)} s more. What is typed now goes nowhere.`
      : 'What the machine says meanwhile may not be kept.',
  exits: {
    'machine-gone': 'The machine has been deleted.',
    'right-lost': 'You lost the right to use this console.',
    'hold-expired': 'Nobody came back in time, so the console was closed.',
    draining: 'The gateway was stopped.',
  } satisfies Record<ConsoleExitReason, string>,
  closed: 'The console was closed.',
  again: 'Open again',
  refusedTitle: 'The console cannot be opened',
  forbiddenTitle: 'You may not use this console',
  missingTitle: 'Which machine?',
} as const;
