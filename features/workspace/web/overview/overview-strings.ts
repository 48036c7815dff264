import { formatCount } from '@krateyard/ui/words/format-time';
import type { Cause } from '../../contract/overview.ts';

const plural = (count: number, one: string, several: string): string =>
  `${formatCount(count)} ${count === 1 ? one : several}`;

const CAUSE_TITLES: Readonly<Record<Cause, string>> = {
  'node-not-ready': 'Nodes not ready',
  'node-pressure': 'Nodes under pressure',
  'crash-loop': 'Crash loops',
  'image-pull': 'Images that cannot be pulled',
  'container-config': 'Containers that cannot be made',
  unschedulable: 'Pods that fit on no node',
  'stuck-rollout': 'Rollouts that do not progress',
  'failed-job': 'Failed jobs',
  'failed-pod': 'Failed pods',
  'pending-volume': 'Volume claims that wait',
  'out-of-memory': 'Killed for memory',
  evicted: 'Evicted pods',
  'not-ready': 'Pods that run and are not ready',
  'not-starting': 'Pods that do not start',
  quota: 'Quotas near their end',
  certificate: 'Certificates',
  'stuck-deletion': 'Deletions that do not end',
};

const INGREDIENTS: Readonly<Record<string, string>> = {
  pods: 'pods',
  nodes: 'nodes',
  events: 'events',
  deployments: 'deployments',
  statefulsets: 'stateful sets',
  daemonsets: 'daemon sets',
  jobs: 'jobs',
  claims: 'volume claims',
  quotas: 'resource quotas',
  namespaces: 'namespaces',
  certificates: 'certificates',
  podUsage: 'usage of pods',
  nodeUsage: 'usage of nodes',
};

/** Everything that the overview says. */
export const overviewStrings = {
  room: 'Overview',
  title: 'Overview · Krateyard',
  keys: 'Overview',
  nextKey: 'Next line',
  beforeKey: 'Line before',
  filterKey: 'Filter the changes',
  pauseKey: 'Pause the changes, or go on',
  cause: (cause: string): string => CAUSE_TITLES[cause as Cause] ?? cause,
  ingredient: (name: string): string => INGREDIENTS[name] ?? name,

  wrong: 'What is wrong',
  critical: (count: number): string => plural(count, 'critical', 'critical'),
  warnings: (count: number): string => plural(count, 'warning', 'warnings'),
  well: 'Nothing is wrong',
  wellHere: (pods: number, namespaces: number, nodes: number): string =>
    [
      plural(pods, 'pod', 'pods'),
      `in ${plural(namespaces, 'namespace', 'namespaces')}`,
      ...(nodes > 0 ? [`on ${plural(nodes, 'node', 'nodes')}`] : []),
    ].join(' '),
  wellEmpty: 'There are no pods in the namespaces chosen.',
  asFarAsSeen: 'as far as you may see',
  objects: (count: number): string => plural(count, 'object', 'objects'),
  more: (count: number): string => `${formatCount(count)} more`,
  less: 'Show fewer',
  restarts: (count: number): string => plural(count, 'restart', 'restarts'),
  listedOf: (listed: number, count: number): string =>
    `The worst ${formatCount(listed)} of ${formatCount(count)} are listed.`,

  capacity: 'Capacity',
  cpu: 'CPU',
  memory: 'Memory',
  pods: 'Pods',
  used: 'used',
  requested: 'requested',
  usedOfRequested: 'used / requested',
  limits: 'limits',
  allocatable: 'allocatable',
  ofAll: (amount: string): string => `of ${amount}`,
  phases: 'Pods by phase',
  nodes: 'Nodes',
  node: 'Node',
  namespaces: 'Namespaces',
  namespace: 'Namespace',
  problems: (count: number): string => plural(count, 'problem', 'problems'),
  cordoned: 'cordoned',
  notReady: 'not ready',
  showMore: (count: number, of: number): string => `Show ${count} more of ${formatCount(of)}`,
  lastMinutes: 'CPU lately',
  notMeasured: 'not measured',

  changes: 'Changes',
  changesHint: 'Filter changes',
  onlyWarnings: 'Warnings',
  pause: 'Pause',
  goOn: 'Go on',
  fresh: (count: number): string => plural(count, 'new entry', 'new entries'),
  noChanges: 'Nothing has changed lately.',
  noMatch: 'No change matches.',

  tls: 'Certificates in Secrets',
  tlsHint:
    'Secrets are not looked into by themselves. A check reads those of type kubernetes.io/tls as you, and is audited; only names and dates come here.',
  tlsCheck: 'Check now',
  tlsAgain: 'Check again',
  tlsWell: (looked: number): string =>
    looked === 0
      ? 'There are no TLS Secrets.'
      : `None of ${plural(looked, 'certificate', 'certificates')} expires within 14 days.`,
  tlsMore: 'There are more than were looked into; choose a namespace.',
  tlsExpired: 'expired',
  tlsExpires: 'expires',

  notSeen: 'Not seen here',
  mayNot: (what: string): string => `You may not list ${what}.`,
  dark: (what: string, why: string): string => `${what}: ${why}`,
  seenIn: (what: string, count: number, of: number): string =>
    `${what}: in ${formatCount(count)} of ${plural(of, 'namespace', 'namespaces')}. Choose namespaces to see the others.`,
  loading: 'Looking at the cluster',
  forbiddenTitle: 'You may not see an overview here',
  forbidden:
    'It is made of what you may list and watch. Ask for the role “view” in a namespace, or choose a namespace in which you have it.',
  failedTitle: 'The overview cannot be shown',
} as const;
