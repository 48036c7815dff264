import { formatCount } from '@krateyard/ui/words/format-time';

/** Everything that recordings say. */
export const recordingStrings = {
  title: 'Recordings',
  documentTitle: (name: string): string => `${name} · Recording · Krateyard`,
  /** A machine has one console, and no containers. */
  of: (name: string, container: string | undefined): string => `${name} · ${container ?? 'serial console'}`,
  filter: 'Filter recordings',
  filterHint: 'Pod, machine, namespace, person',
  emptyTitle: 'No recordings',
  empty:
    'Here stand the recordings of your shells, of shells into pods that you may exec into, and of serial consoles that you may open. They are made when somebody there presses Record, or by the rule of the namespace.',
  noMatchTitle: 'Nothing matches',
  noMatch: (text: string): string => `No recording of a pod, machine, namespace or person like “${text}”.`,
  failedTitle: 'The recordings cannot be listed',
  missingTitle: 'The recording cannot be played',
  brokenTitle: 'This is no recording',
  broken: 'The file makes no sense from its first line on.',
  live: 'being made',
  truncated: 'cut at its bound',
  policy: 'by rule',
  people: (names: readonly string[]): string => names.join(', '),
  duration,
  play: 'Play',
  pause: 'Pause',
  seek: 'Where in the recording',
  speed: 'Speed',
  times: (speed: number): string => `${speed}×`,
  skipIdle: 'Skip silences',
  back: 'Back 5 s',
  on: 'On 5 s',
  before: 'Marker before',
  after: 'Next marker',
  slower: 'Slower',
  faster: 'Faster',
  start: 'To the beginning',
  find: 'Find in the output',
  keys: 'Recording',
  search: 'Find in the output',
  matches: (count: number, most: number): string =>
    count >= most
      ? `${formatCount(most)}+ matches`
      : `${formatCount(count)} ${count === 1 ? 'match' : 'matches'}`,
  markers: 'What happened',
  noMarkers: 'Nothing is marked.',
  download: 'Download',
  remove: 'Remove',
  removeTitle: (name: string): string => `Remove the recording of ${name}`,
  removeEffect: 'It cannot be brought back.',
  removeAudit: 'That you removed it stands in the audit log.',
  removed: 'The recording was removed.',
  all: 'All recordings',
  ended: (code: string): string => `ended with code ${code}`,
} as const;

/** `1:02:03`, `0:07`. */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
