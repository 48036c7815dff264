import { formatCount } from '@krateyard/ui/words/format-time';
import type { GapEntry } from './log-entry.ts';

const lines = (count: number): string => `${formatCount(count)} ${count === 1 ? 'line' : 'lines'}`;

/** Everything that log views say. */
export const logStrings = {
  action: 'Logs',
  title: (what: string): string => `Logs of ${what}`,
  pageTitle: (what: string): string => `Logs of ${what} · Krateyard`,
  list: (what: string): string => `Lines of ${what}`,
  keys: 'Logs',

  filter: 'Filter at the source',
  filterHint: 'Filter: words or /expression/',
  filterTitle: 'Only lines with these words, or that match /an expression/, are sent',
  severity: 'Severity',
  anySeverity: 'Any severity',
  severities: {
    error: 'Errors',
    warn: 'Warnings and worse',
    info: 'Info and worse',
    debug: 'Debug and worse',
  },
  severityLetter: { error: 'E', warn: 'W', info: 'I', debug: 'D' },
  severityWord: { error: 'error', warn: 'warning', info: 'info', debug: 'debug' },
  range: 'How far back',
  tails: (count: number): string => `Last ${lines(count)}`,
  since: (span: string): string => `Last ${span}`,
  sinceTime: (time: string): string => `Since ${time}`,
  spans: { '5m': '5 minutes', '15m': '15 minutes', '1h': 'hour', '6h': '6 hours', '24h': '24 hours' },
  sources: 'Pods and containers',
  sourceCount: (shown: number, all: number): string =>
    shown === all ? `${formatCount(all)} pods` : `${formatCount(shown)} of ${formatCount(all)} pods`,
  showAllSources: 'Show all',
  containers: 'Containers',
  container: (name: string): string => `Container ${name}`,

  view: 'View',
  wrap: 'Wrap long lines',
  timeStyles: { off: 'No times', local: 'Local times', utc: 'UTC times' },
  previous: 'Run before this one',
  previousOn: 'Run before this one',
  download: 'Download what is shown',
  copyAll: 'Copy what is shown',
  pause: 'Pause',
  resume: 'Go on',
  pausedCount: (count: number): string => `${lines(count)} waiting`,
  openPage: 'Open as a page',

  find: 'Find in these lines',
  findHint: 'Find: words or /expression/',
  findNext: 'Next match',
  findBefore: 'Match before',
  findClose: 'Close find',
  findCount: (at: number, all: number): string =>
    all === 0 ? 'No match' : at > 0 ? `${formatCount(at)} of ${formatCount(all)}` : formatCount(all),

  follow: 'Go to the end and follow',
  came: (count: number): string => (count === 0 ? 'To the end' : `${lines(count)} came since`),

  connecting: 'connecting',
  reading: 'reading',
  live: 'live',
  paused: 'paused',
  reconnecting: 'reconnecting',
  ended: 'ended',
  failed: 'cannot be read',
  count: lines,
  letGo: (count: number): string => `${lines(count)} from before were let go`,
  beginning: 'Beginning of what was asked for',
  previousBeginning: 'Beginning of the run before this one',

  loading: 'Reading the log',
  emptyTitle: 'Nothing has been written',
  empty: 'The first line will show here as soon as there is one.',
  emptyPrevious: 'There is no run before this one, or it wrote nothing that is kept.',
  emptyFilterTitle: 'No line matches',
  emptyFilter: 'Lines that match will show here as they are written.',
  clearFilters: 'Clear the filters',
  endedTitle: 'Nothing was written, and nothing more comes',
  endedHint: 'Every container of it has ended.',
  forbiddenTitle: 'You may not read this log',
  forbidden: 'Ask whoever runs this cluster for a role that allows get on pods/log in this namespace.',
  missingTitle: 'It is not there',
  missing: 'It was deleted, or its name is another one.',
  failedTitle: 'The log cannot be read',
  failedHint: 'What the gateway says about it stands below.',
  incompleteTitle: 'This address names no log',
  incomplete: 'It must have ns, and pod, or selector, or kind and name.',
  toPods: 'Go to the pods',

  gap: (gap: GapEntry): string => {
    const what =
      gap.skipped === undefined ? 'Lines may be missing here' : `${lines(gap.skipped)} were skipped here`;
    return `${what}: ${GAPS[gap.why]}`;
  },
  fetch: 'Fetch them',
  fetchFailed: (why: string): string => `They cannot be fetched: ${why}`,
  joined: (source: string, node: string | undefined): string =>
    `${source} is read from here on${node === undefined ? '' : `, on ${node}`}`,
  restarted: (source: string, restarts: number): string =>
    `${source} started again (restart ${formatCount(restarts)})`,
  endedMark: (source: string, reason: string, code: number | undefined): string =>
    `${source} ended: ${reason}${code === undefined ? '' : `, exit code ${code}`}`,
  problem: (source: string | undefined, why: string): string =>
    source === undefined ? why : `${source} cannot be read: ${why}`,

  line: 'Line',
  copyLine: 'Copy',
  copyLines: (count: number): string => `Copy ${lines(count)}`,
  linkLine: 'Copy a link',
  json: 'Show as JSON',
  plain: 'Show as written',
  lineMissing:
    'The line of this link is not among what was read: it may be older than what is kept, or filtered out.',
  continues: 'goes on in the next line',

  keyNames: {
    filter: 'Filter the log',
    find: 'Find in the lines',
    next: 'Next match',
    before: 'Match before',
    down: 'Next line',
    up: 'Line before',
    screenDown: 'A screen down',
    screenUp: 'A screen up',
    first: 'First line',
    last: 'To the end, and follow',
    wrap: 'Wrap lines or not',
    times: 'Change the times',
    pause: 'Pause or go on',
    copy: 'Copy the line',
    json: 'Line as JSON, or as written',
    link: 'Copy a link to the line',
    clear: 'Close find, leave the line',
  },
} as const;

const GAPS: Readonly<Record<GapEntry['why'], string>> = {
  'slow-client': 'they came faster than this browser took them.',
  rotated: 'the node rotated the log meanwhile.',
  reconnect: 'the connection to the cluster was lost meanwhile.',
  silent: 'the stream went silent while the container wrote.',
  restarted: 'the container was started again.',
  held: 'more came while the view stood still than it keeps.',
};
