import { formatCount } from '@krateyard/ui/words/format-time';
import { MOST_TARGETS } from '../../contract/most-targets.ts';

const several = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** What actions say. */
export const actionStrings = {
  keys: 'Actions',
  actions: 'Actions',
  actionsOn: (key: string): string => `Actions on ${key}`,
  actionsOnMany: (count: number, resource: string): string => `Actions on ${formatCount(count)} ${resource}`,
  requested: (title: string): string => `Requested: ${title}`,
  named: (kind: string, name: string): string => `${kind} ${name}`,
  many: (count: number, resource: string): string => several(count, resource, resource),

  openPage: 'Open the page',
  noSubject: 'It names nothing that you may open.',
  edit: 'Edit YAML',
  copyKubectl: 'Copy as kubectl',

  scale: 'Scale',
  scaleTitle: (what: string): string => `Scale ${what}`,
  replicas: 'Replicas',
  replicasNow: (now: string): string => `Now: ${now}`,
  toZero: 'With 0 replicas every pod goes and nothing answers.',
  mixed: 'different numbers',

  restart: 'Restart',
  restartTitle: (what: string): string => `Restart ${what}`,
  restartHow:
    'Its pods are replaced by new ones of the same template, a few at a time, as its update strategy says.',
  pauseRollout: 'Pause rollout',
  resumeRollout: 'Resume rollout',
  notPaused: 'It is not paused.',
  isPaused: 'Its rollout is paused.',

  rollback: 'Roll back',
  rollbackTitle: (what: string): string => `Roll ${what} back`,
  rollbackTo: 'Back to',
  revision: (revision: number, when: string): string => `Revision ${revision}${when && `, made ${when}`}`,
  rollbackHow:
    'Its pods are replaced by new ones of that template, a few at a time, as its update strategy says.',
  noRevisions: 'There is no earlier revision to go back to.',
  diffTitle: 'What changes in the pod template',
  noChange: 'Both templates are the same.',
  loading: 'Asking the cluster',

  setImage: 'Set image',
  setImageTitle: (what: string): string => `Set images of ${what}`,
  setImageHow: 'Its pods are replaced as its update strategy says.',
  imageMissing: 'An image is needed.',

  trigger: 'Trigger now',
  triggerTitle: (what: string): string => `Trigger ${what}`,
  triggerHow: 'One job is made of its template now. Its schedule goes on as it is.',
  suspend: 'Suspend',
  resume: 'Resume',

  cordon: 'Cordon',
  uncordon: 'Uncordon',
  drain: 'Drain',
  drainTitle: (node: string): string => `Drain node ${node}`,
  drainHow:
    'No new pods come to the node, and these leave it. You can cancel between pods; the node stays cordoned.',
  drainNothing: 'No pod has to leave.',
  drainEvict: (count: number): string =>
    `${several(count, 'pod leaves', 'pods leave')} and ${count === 1 ? 'is' : 'are'} made anew elsewhere`,
  drainLost: (count: number): string =>
    `${several(count, 'pod is', 'pods are')} lost: nothing makes ${count === 1 ? 'it' : 'them'} anew`,
  drainStays: (count: number): string => several(count, 'pod stays', 'pods stay'),
  drainHeld: (pods: number): string =>
    `${several(pods, 'pod waits', 'pods wait')} for a disruption budget that allows none now`,
  drainForce: 'Delete pods that nothing makes anew',
  drainEmptyDir: 'Lose what is in emptyDir volumes',
  budget: (name: string, allowed: number, about: string): string =>
    `Budget ${name}: ${allowed === 0 ? 'allows none now' : `allows ${allowed}`} (${about})`,
  fates: { lost: 'lost', evict: 'leaves', stays: 'stays' },
  pod: 'Pod',
  fate: 'Fate',
  why: 'What to know',

  label: 'Labels',
  labelTitle: (what: string): string => `Labels of ${what}`,
  annotate: 'Annotations',
  annotateTitle: (what: string): string => `Annotations of ${what}`,
  setPairs: 'Set',
  setPairsHint: 'name=value, one on each line',
  badPair: (line: string): string => `“${line}” is no name=value.`,
  removePairs: 'Remove',
  apply: 'Apply',

  delete: 'Delete',
  deleteTitle: (what: string): string => `Delete ${what}`,
  tooManyAlike: (count: number): string =>
    `These rows stand for ${formatCount(count)} events; ${formatCount(MOST_TARGETS)} is the most that is acted on at once.`,
  alikeGo: (rows: number, events: number): string =>
    rows === 1
      ? `The row stands for ${formatCount(events)} events that say the same; all of them go.`
      : `The ${formatCount(rows)} rows stand for ${formatCount(events)} events; all of them go.`,
  takes: (count: string, kind: string, examples: string): string =>
    `Takes along ${count} × ${kind}${examples && `: ${examples}`}`,
  atLeast: (count: number): string => `at least ${formatCount(count)}`,
  takesNothing: 'Nothing else goes with it.',
  comesBack: (owner: string): string => `${owner} makes it anew.`,
  blastLoading: 'Looking what it takes along',
  blastFailed: (why: string): string => `What it takes along could not be found out: ${why}`,
  unknown: (what: string): string => `Not looked at: ${what}`,
  options: 'Options',
  propagation: 'What it owns',
  propagations: {
    Background: 'is deleted afterwards',
    Foreground: 'is deleted first',
    Orphan: 'stays, without owner',
  },
  grace: 'Time to end',
  graces: { usual: 'as it asks for', now: 'none: killed at once' },
  graceHint: 'Killed at once, a pod cannot finish its work, and may run on where its node does not answer.',
} as const;
