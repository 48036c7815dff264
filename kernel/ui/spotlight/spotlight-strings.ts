import { formatCount } from '../words/format-time.ts';

/** Everything that the spotlight says. */
export const spotlightStrings = {
  title: 'Spotlight',
  open: 'Find anything',
  ask: 'Objects, kinds, pages, actions',
  actionsOf: (title: string): string => `What to do with ${title}`,
  askAction: 'Which action?',
  recent: 'Recent',
  goTo: 'Go to',
  actions: 'Actions',
  results: 'Results',
  found: (count: number): string =>
    count === 0 ? 'Nothing found' : `${formatCount(count)} ${count === 1 ? 'result' : 'results'}`,
  none: (text: string): string => `Nothing is called “${text}”.`,
  noneHint: 'Objects that you may not list are not found. Part of a name, a kind or a namespace will do.',
  searching: 'Searching',
  failed: (why: string): string => `The objects could not be searched: ${why}`,
  noActions: 'Nothing can be done with it here.',
  asking: 'Asking what you may do',
  move: 'move',
  choose: 'open',
  more: 'actions',
  back: 'back',
  close: 'close',
} as const;
