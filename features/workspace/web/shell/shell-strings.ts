import { sessionStrings } from '@krateyard/ui/terminal/session-strings';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { Exit } from '../../contract/shell-protocol.ts';

const people = (count: number): string => `${formatCount(count)} ${count === 1 ? 'person' : 'people'}`;

/** Everything that shells say. */
export const shellStrings = {
  ...sessionStrings,
  title: (pod: string, container?: string): string => (container ? `${pod} · ${container}` : pod),
  documentTitle: (pod: string): string => `Shell in ${pod} · Krateyard`,
  bar: 'Shell',

  lostHeld: (seconds: number): string =>
    seconds > 0
      ? `The shell goes on there and is held for ${formatCount(seconds)} s more. What is typed now goes nowhere.`
      : 'The shell may have ended; the gateway is asked.',

  people,
  peopleLabel: 'People in this shell',
  linkCopied: 'The link is copied. Who may exec into this pod can join by it.',

  newShell: 'Open another shell here',
  newTitle: (pod: string): string => `Open a shell in ${pod}`,
  container: 'Container',
  firstContainer: 'The default one',
  command: 'Command',
  commandHint: 'Empty: the first shell that it has',
  open: 'Open',
  notRunning: 'not running',

  exited: (code: number): string => `The shell has ended with code ${formatCount(code)}.`,
  exitReason: {
    exited: 'The shell has ended.',
    signalled: 'The shell was ended by a signal.',
    'pod-gone': 'The pod is gone.',
    'upstream-lost': 'The connection to the container was lost. What ran there may go on.',
    'owner-ended': 'The owner has ended this shell.',
    'right-lost': 'You lost the right to be in this shell.',
    'hold-expired': 'Nobody came back in time, so the shell was ended.',
    removed: 'You were removed from this shell.',
    draining: 'The gateway was stopped.',
    failed: 'Something failed inside the gateway.',
  } satisfies Record<Exit['reason'], string>,
  openAgain: 'Open again',
  toReplay: 'Replay the recording',
  refusedTitle: 'The shell cannot be opened',
  forbiddenTitle: 'You may not open a shell here',
  goneTitle: 'That shell is over',
  gone: 'It ended, or nobody came back to it in time.',
  noShellTitle: 'The container has no shell',
  noShell:
    'A debug container brings one: it runs beside the others in the same pod, sees their processes, and stays until the pod is gone.',
  debugImage: 'Image',
  debug: 'Add a debug container',
  debugWaiting: 'Waiting for the debug container to run',
  missingTitle: 'Which shell?',
  missing: 'The address names no pod and no session. Open a shell from a table of pods with the key s.',
  toPods: 'To the pods',

  closeTitle: 'End this shell?',
  closeOthers: (count: number): string => `${people(count)} beside you are in it, and it ends for all.`,
  closeEnd: 'End it for all',

  group: 'Shells',
  listTitle: 'Open shells',
  listEmptyTitle: 'No shell is open',
  listEmpty:
    'Here stand the shells into pods that you may exec into. Open one from a pod: its menu and its page have it, and the key s.',
  listFailed: 'The open shells cannot be listed',
  join: 'Join',
  startedBy: (who: string): string => `by ${who}`,
  held: 'nobody is there, held for a moment',

  action: 'Shell',
  noReadyPod: (name: string): string => `${name} has no pod that runs. A shell needs one.`,
  notRunningPod: 'The pod is not running',
} as const;
