import { formatCount } from '@krateyard/ui/words/format-time';

/** What the table's bars and menus say. */
export const explorerStrings = {
  createShort: 'Create',
  create: (kind: string): string => `Create ${kind}`,
  createKeys: 'This view',
  createObjects: 'Create objects',

  view: 'This view',
  copyView: 'Copy as kubectl',
  export: {
    objects: { yaml: 'Export as YAML', csv: 'Export as CSV' },
    merged: { yaml: 'Export as YAML, each event', csv: 'Export as CSV, rows as shown' },
  },

  selection: 'Selection',
  selectAll: (total: number): string => `Select all ${formatCount(total)} that match`,
  selectFirst: (most: number, total: number): string =>
    `Select the first ${formatCount(most)} of ${formatCount(total)}`,
  selectFirstHint: (most: number): string => `${formatCount(most)} is the most that is acted on at once.`,
  selectFailed: (why: string): string => `The rest could not be selected: ${why}`,

  kubectlTitle: (what: string): string => `kubectl for ${what}`,
  thisView: 'what the table shows',
  copyLine: (line: string): string => `Copy: ${line}`,

  allKinds: 'All kinds',
  kindsTitle: 'Kinds of this cluster',
  kindsFilter: 'Filter kinds',
  kindsHint: 'Kind, short name or API group',
  kindsCount: (shown: number, all: number): string =>
    shown === all ? `${formatCount(all)} kinds` : `${formatCount(shown)} of ${formatCount(all)} kinds`,
  nextKind: 'Next kind',
  kindBefore: 'Kind before',
  noKinds: 'No kind matches',
  noKindsWhy: (filter: string): string => `No kind, short name or API group has “${filter}” in it.`,
  kindObjects: 'objects: ',
  kindsCounts: 'How many objects there are stands beside the kinds that are being watched for somebody.',
  kindsFailed: 'The kinds cannot be shown',
  kindsNone: 'There is no kind that you may list',
  kindsNoneWhy: 'Ask whoever runs this cluster for a role, such as view, in a namespace.',
  toRights: 'See your rights',
} as const;
