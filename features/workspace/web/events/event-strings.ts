import { formatCount } from '@krateyard/ui/words/format-time';

/** What the table of events says. */
export const eventStrings = {
  keys: 'Events',
  warnings: 'Warnings',
  warningsKey: 'Show only warnings',
  alikeTitle: 'Events that say the same',
  latestOf: (count: number, more: boolean): string =>
    `The latest of ${more ? 'more than ' : ''}${formatCount(count)} events that say the same`,
  inAll: (count: number): string => `${formatCount(count)} times in all`,
  first: 'first',
  last: 'last',
  ago: 'ago',
  olderLeftOut: (count: number): string =>
    `The latest ${formatCount(count)} of them; older ones are not shown.`,
  toSubject: 'Go to the object',
} as const;
