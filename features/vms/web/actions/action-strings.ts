import { formatCount } from '@krateyard/ui/words/format-time';
import type { VmAction } from '../../contract/vm-api.ts';

const labels: Readonly<Record<VmAction, string>> = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  pause: 'Pause',
  unpause: 'Resume',
  reset: 'Reset',
  migrate: 'Migrate',
  delete: 'Delete',
};

/** What actions on machines say. */
export const actionStrings = {
  labels,
  keys: 'Machines',
  actionsOn: (name: string): string => `Actions of ${name}`,
  actionsOnMany: (count: number): string => `Actions of ${formatCount(count)} machines`,
  screen: 'Open the screen',
  screenShort: 'Screen',
  page: 'Open its page',
  yaml: 'YAML',
  snapshot: 'Take a snapshot',
  changeSize: 'Change CPU, memory, run strategy',
  another: 'Make another one like it',
  some: (label: string, able: number, all: number): string =>
    `${label} ${formatCount(able)} of ${formatCount(all)}`,

  terminating: 'It is being deleted.',
  restoring: 'It is being restored.',
  isOff: 'It is off: start it first.',
  isOffAlready: 'It is off already.',
  isOn: 'It is on already.',
  isComing: (why: string): string =>
    why === '' ? 'It was started already.' : `It was started already and waits: ${why}.`,
  notUp: (status: string): string => `It is not up yet (${status}).`,
  stopping: 'It is stopping already.',
  paused: 'It is paused already.',
  notPaused: 'It is not paused.',
  migrating: 'It is migrating already.',
  notMigratable: 'It cannot move while it runs; its conditions say why.',
  fitsNone: 'It does not apply here.',
  forNone: (why: string): string => `None of them: ${why}`,
  screenOff: 'It has a screen only while it runs.',

  what: (names: readonly string[]): string =>
    names.length === 1 ? names[0]! : `${formatCount(names.length)} machines`,
  confirm: (label: string, what: string): string => `${label} ${what}`,
  where: (keys: readonly string[]): string => {
    const shown = keys.slice(0, 6).join(', ');
    return keys.length > 6 ? `${shown}, and ${formatCount(keys.length - 6)} more` : shown;
  },
  stopEffects: [
    'The guest is told to power off; after its grace period it is cut off.',
    'Whoever is connected to it loses the connection. Disks and addresses of disks are kept.',
  ],
  stopComesBack: 'With the run strategy Always it is set to Halted, so that it stays off.',
  restartEffects: [
    'The guest is told to power off and is started anew, with whatever was changed since its last start.',
    'Whoever is connected to it loses the connection.',
  ],
  resetEffects: [
    'It starts over at once, as if its reset button was pressed: the guest gets no time to save anything.',
    'Its pod, node and addresses stay.',
  ],
  deleteEffects: [
    'The machine and its instance go. Disks that were made with it go too, with all that is on them.',
    'Snapshots of it stay until they are deleted.',
  ],
  takes: (count: string, kind: string, names: string): string =>
    `Takes ${count} ${kind}${names === '' ? '' : `: ${names}`}`,
  takesNothing: 'It takes nothing else with it.',
  atLeast: (count: number): string => `at least ${formatCount(count)}`,
  blastLoading: 'Looking at what goes with it …',
  blastFailed: (why: string): string => `What goes with it is not known: ${why}`,

  asked: (what: string): string => `${what}: asked for.`,
  failedMany: (label: string, failed: number, all: number, why: string): string =>
    `${label}: ${formatCount(failed)} of ${formatCount(all)} were refused. ${why}`,
} as const;
