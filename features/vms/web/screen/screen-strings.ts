import { formatAge } from '@krateyard/ui/words/age';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { ScreenBye, ScreenState } from '../../contract/screen-protocol.ts';
import type { Scaling } from './screen-settings.ts';

const people = (count: number): string => `${formatCount(count)} ${count === 1 ? 'person' : 'people'}`;

/** Everything that screens and their wall say. */
export const screenStrings = {
  documentTitle: (name: string): string => `Screen of ${name} · Krateyard`,
  bar: 'Screen',
  toMachine: (name: string): string => `To the machine ${name}`,
  missingTitle: 'Which screen?',
  missing: 'The address names no machine.',

  /** For screen readers. */
  label: (name: string, size: string, leave: string): string =>
    `Screen of ${name}${size === '' ? '' : `, ${size} pixels`}. Keys go to the machine; ${leave} leads out.`,
  labelLooking: (name: string, size: string): string =>
    `Screen of ${name}${size === '' ? '' : `, ${size} pixels`}. View only.`,
  size: (width: number, height: number): string => `${width} × ${height}`,
  leaveHint: (key: string): string => `Keys go to the machine. ${key} leads out.`,

  states: {
    connecting: 'Attaching',
    live: 'Live',
    migrating: 'Migrating',
    restarting: 'Restarting',
    paused: 'Paused',
    stopped: 'Stopped',
    unavailable: 'No screen',
  } satisfies Record<ScreenState, string>,
  stateTitles: {
    connecting: 'The screen is being attached.',
    live: '',
    migrating: 'The machine moves to another node.',
    restarting: 'The machine restarts.',
    paused: 'The machine is paused.',
    stopped: 'The machine is stopped.',
    unavailable: 'There is no screen now.',
  } satisfies Record<ScreenState, string>,
  opening: (name: string): string => `Connecting to the screen of ${name}`,
  pixelsOpening: 'The picture is on its way.',
  disconnectedSince: (clock: string): string => `Disconnected since ${clock}`,
  notYet: 'Not connected.',
  asKnown: 'what shows is from then.',
  retryIn: (seconds: number): string => `Trying again in ${formatCount(seconds)} s.`,
  retrying: 'Trying again.',
  start: 'Start',
  resume: 'Resume',
  asking: 'Asked for',
  actFailed: (action: string, why: string): string => `${action}: ${why}`,
  ends: {
    'right-lost': 'You lost the right to see this screen.',
    removed: 'You were removed from this screen.',
    gone: 'The machine is gone.',
    draining: 'The gateway was stopped.',
    failed: 'Something failed inside the gateway.',
  } satisfies Record<ScreenBye['reason'], string>,
  openAgain: 'Open again',
  refusedTitle: 'The screen cannot be opened',
  notLetIn: 'The gateway did not let this page look at the screen, or could not be reached.',
  forbiddenTitle: 'You may not see this screen',
  forbidden:
    'Ask whoever runs this cluster for the right to get “virtualmachineinstances/vnc” of subresources.kubevirt.io here (the role kubevirt.io:edit has it).',
  goneTitle: 'There is no such machine',
  gone: 'It was deleted, or its name is another one.',
  toMachines: 'Show all machines',
  loadFailed: 'The viewer could not be loaded',

  youControl: 'You control',
  nobodyControls: 'Nobody controls',
  whoControls: (who: string): string => `${who} controls`,
  viewOnly: 'View only',
  viewOnlyHint: 'Keys and pointer go nowhere until you are in control.',
  viewOnlyRight: 'You may look at this screen, but not control it.',
  onlyLooking: 'Only look',
  onlyLookingHint: 'Keep keys and pointer here, even while you are in control.',
  ask: 'Ask for control',
  asked: 'Asked',
  take: 'Take control',
  takeHint: 'Needs nobody in control, nobody at the keys for a while, or the right to change the machine.',
  release: 'Give control back',
  grant: 'Give control',
  grantTo: (who: string): string => `Give control to ${who}`,
  removeWho: (who: string): string => `Remove ${who} from this screen`,
  asksFor: (who: string): string => `${who} asks for control.`,
  people,
  peopleLabel: 'People at this screen',
  facts: {
    controls: 'in control',
    asks: 'asks for control',
    viewOnly: 'may only look',
    watching: 'looks on',
    away: 'no picture yet',
  },

  keys: 'Send keys',
  comboHint: {
    'Ctrl Alt Backspace': 'ends a graphical session',
    'Alt Print': 'SysRq',
    Super: 'the key of the system’s menu',
  } as Readonly<Record<string, string>>,
  needsControl: 'You are not in control',

  paste: 'Paste text',
  pasteTitle: (name: string): string => `Text for ${name}`,
  pasteText: 'Text',
  pasteRead: 'From my clipboard',
  pasteUnread: 'The browser does not let this page read the clipboard: paste into the field.',
  pasteAsClipboard: 'Put into its clipboard',
  pasteAsKeys: 'Type as keys',
  pasteHow:
    'Its clipboard needs an agent inside the machine. Without one, have it typed: by the layout that the machine’s own keyboard is set to.',
  pasteKeymap: 'Its keyboard',
  pasteMissing: (characters: string, count: number): string =>
    `${count === 1 ? 'This character is' : 'These characters are'} not on that keyboard and will be left out: ${characters}`,
  pasteTooLong: (most: number): string => `At most ${formatCount(most)} characters can be typed.`,
  pasteSent: 'The machine was offered the text.',
  typing: (left: number): string => `Typing, ${formatCount(left)} characters left`,
  typingStop: 'Stop typing',
  fromMachine: 'From the machine’s clipboard',
  copy: 'Copy',

  display: 'Display',
  scaling: {
    fit: 'Fit the window',
    one: 'Pixel for pixel',
    remote: 'Size of the window, if the machine can',
  } satisfies Record<Scaling, string>,
  keepsSize:
    'This machine’s screen did not take the window’s size and keeps its own; the picture is fitted instead.',

  screenshot: 'Save the picture',
  noPicture: 'There is no picture yet',
  share: 'Share',
  shareColleague: 'A colleague with access to this console',
  shareColleagueHint: 'Signs in as themselves; their own rights count.',
  copyLink: 'Copy the link',
  shareTicket: 'Another viewer, without signing in',
  shareTicketHint:
    'A WebSocket address for noVNC or another portal. It works once, for a short while, with your rights.',
  ticketLooks: 'For looking only',
  ticketLasts: 'Good for',
  ticketSeconds: (seconds: number): string =>
    seconds < 60 ? `${formatCount(seconds)} seconds` : `${formatCount(seconds / 60)} min`,
  ticketMake: 'Make and copy',
  ticketMade: (clock: string): string => `Copied. It works once, until ${clock}.`,
  ticketFailed: (why: string): string => `No ticket: ${why}`,

  full: 'Full screen',
  notFull: 'Leave full screen',
  fullFailed: 'The browser does not allow full screen here.',
  fullPage: 'On a page of its own',
  keyGroup: 'Screen',
  quality: 'Connection',
  frames: (count: number): string => `${formatCount(count)} f/s`,
  latency: (ms: number): string => `${formatCount(ms)} ms`,
  qualityHint: 'Updates drawn in the last second, and the way to the gateway and back',

  touchKeys: 'Keys of the machine',
  keyboard: 'Keyboard',
  typeHere: 'Type to the machine',

  wallTitle: 'Wall of screens',
  wallCount: (shown: number, total: number): string =>
    shown === total
      ? `${formatCount(total)} ${total === 1 ? 'machine' : 'machines'}`
      : `${formatCount(shown)} of ${formatCount(total)} machines`,
  wallBudget: (everySeconds: number, atOnce: number): string =>
    `Pictures of what is in view, each at most every ${everySeconds} s, ${atOnce} at a time; none while this tab is hidden.`,
  wallFind: 'Find machines',
  wallEmptyTitle: 'No machines',
  wallEmpty: 'There are none in these namespaces, or you may not see them.',
  wallNothingTitle: 'Nothing fits',
  wallNothing: (text: string): string =>
    `No machine here has “${text}” in its name, node, address or status.`,
  wallFailed: 'The machines cannot be listed',
  wallGrid: 'Machines',
  wallKeys: 'Wall',
  wallNext: 'Go to the machines; arrows move',
  wallTray: 'Screen of the machine in the tray',
  thumbnailFailed: 'No picture',
  thumbnailWaiting: 'Picture to come',
  pictureAge: (seconds: number): string => `${formatAge(seconds * 1000)} ago`,
} as const;
