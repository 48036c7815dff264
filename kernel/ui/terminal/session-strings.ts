import { formatCount } from '../words/format-time.ts';

/** What shared terminals say, whatever is behind them. */
export const sessionStrings = {
  notLetIn: 'The gateway did not let this page in, or could not be reached.',
  lostTitle: 'The connection was lost',
  lostTrying: 'The gateway cannot be reached. Trying again.',

  owner: 'owner',
  away: 'away',
  types: 'has the keyboard',
  asks: 'asks for the keyboard',
  typing: (who: string): string => `${who} types`,
  nobodyTypes: 'Nobody types',
  youType: 'You type',
  viewOnly: 'View only',
  viewOnlyHint: 'Keys go nowhere until you have the keyboard.',
  ask: 'Ask for the keyboard',
  asked: 'Asked',
  take: 'Take the keyboard',
  release: 'Give it back',
  letGo: 'Let go of it',
  grant: 'Give',
  grantTo: (who: string): string => `Give the keyboard to ${who}`,
  removeWho: (who: string): string => `Remove ${who} from here`,
  asksFor: (who: string): string => `${who} asks for the keyboard.`,
  copyLink: 'Copy a link to join',
  linkFailed: 'The browser does not allow copying. The address of this page is the link.',

  record: 'Record',
  recordNeeds: 'Only the owner, or who has the keyboard, can record.',
  recordStop: 'Stop recording',
  recording: 'REC',
  recordingBy: (who: string): string => `Recorded, as ${who} asked`,
  recordingPolicy: 'Recorded: the rule of this namespace',

  settings: 'Terminal settings',
  lostBytes: (bytes: number): string => `${formatCount(bytes)} bytes of output are not kept any more`,
} as const;

/** What they say differently, each in its own words. */
export interface SessionWords {
  /** Names the bar. */
  readonly bar: string;
  readonly peopleLabel: string;
  readonly linkCopied: string;
  /** While the connection is lost: what becomes of the session meanwhile. */
  readonly lostHeld: (seconds: number) => string;
}
