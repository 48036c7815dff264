import { formatCount } from './words/format-time.ts';

/** Everything that the kernel's own parts say. A room has its own catalogue. */
export const strings = {
  live: 'live',
  syncing: 'loading',
  lagging: (lagMs: number): string => `lagging ${formatCount(Math.max(1, Math.round(lagMs / 1000)))} s`,
  connecting: 'connecting',
  disconnectedSince: (clock: string): string => `disconnected since ${clock}`,
  shownAsKnown: 'showing what was known then',
  lostRight: 'you lost the right to see this',
  retryIn: (seconds: number): string =>
    seconds <= 0 ? 'Trying again now.' : `Trying again in ${formatCount(seconds)} s.`,
  failed: 'cannot be shown',
  gatewayGone: 'Disconnected from the gateway',
  clusterGone: 'The gateway cannot reach the API server',
  apiServer: 'API server',
  apiServerAway: 'The API server does not answer',
  apiServerAwayTrue:
    'What stands here is as it was known then. Nothing can be changed, and no shell or log opened, until it is back.',
  apiServerAwayDo:
    'This page goes on by itself. If it lasts, look at the control plane and at the network between it and the gateway.',
  apiServerSlow: 'The API server is slow',
  apiServerSlowTrue: 'What stands here may be some seconds old, and actions take longer.',
  apiServerSlowDo: 'If it lasts, look at the load of the control plane and of etcd.',
  apiServerBack: 'The API server answers again.',
  since: (clock: string): string => `since ${clock}`,
  retryNow: 'Try now',
  tryAgain: 'Try again',
  requestId: (id: string): string => `Request ${id}`,
  answer: 'Answer:',

  keysTitle: 'Keys',
  keysClose: 'Close the list of keys',
  showKeys: 'Show all keys',
  close: 'Close',
  dismiss: 'Dismiss',
  notifications: 'Notifications',
  times: (count: number): string => `× ${formatCount(count)}`,
  thenKey: 'then',

  typeToFilter: 'Type to filter',
  nothingMatches: 'Nothing matches.',
  moreMatches: (count: number): string => `${formatCount(count)} more: type to find them`,
  clear: 'Clear',

  fromFuture: 'its clock is ahead of yours',
  showAll: (count: number): string => `Show all ${formatCount(count)}`,
  showLess: 'Show less',

  moveDown: 'Next row',
  moveUp: 'Row before',
  screenDown: 'A screen down',
  screenUp: 'A screen up',
  first: 'First row',
  last: 'Last row',
  open: 'Open the row',
  choose: 'Select the row',
  chooseRange: 'Select from the last one to here',
  chooseLoaded: 'Select the loaded rows',
  menu: 'Actions of the row',
  table: 'Table',
  columns: 'Columns',
  resetColumns: 'As usual',
  selected: (count: number): string => `${formatCount(count)} selected`,
  selection: 'Selection',
  clearSelection: 'Clear the selection',
  moreActions: 'More',

  filter: 'Filter',
  clearFilter: 'Clear the filter',
  loading: 'Loading',

  sortBy: (title: string): string => `Sort by ${title}`,
  loadingRow: 'Loading',
  orderHeld: (count: number): string =>
    `Order held while you point · ${formatCount(count)} ${count === 1 ? 'place' : 'places'} will change`,
} as const;
