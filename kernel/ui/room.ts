import type { ComponentType } from 'react';
import type { IconName } from './parts/icon.tsx';
import type { ObjectPagesOf } from './page/object-pages.ts';
import type { StatusWord } from './words/status-vocabulary.ts';
import type { TrayTab } from './tray/tray.ts';

/** One room's part of the console: its pages and its place in the rail. A plain object, listed in `apps/console/rooms.ts`. */
export interface Room {
  /** Unique among the rooms; a feature may have several (overview, resources). */
  readonly id: string;
  /** As in `/api/features`: where it says `dark`, the rail shows the room so and says why. */
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  /** Goes to the room after `g`. */
  readonly letter: string;
  /** Where its pages begin: `/resources`. */
  readonly path: string;
  /** Shown when the room is entered from the rail. */
  readonly start: string;
  /** Everything below `path`; loaded on first use. */
  readonly Page: ComponentType;
  /** Pages elsewhere that belong to it: `/resource`. */
  readonly pages?: readonly RoomPage[];
  /** What it can show in the tray. */
  readonly tray?: readonly TrayView[];
  /** What it can find in the spotlight, beside its links. */
  readonly spotlight?: SpotlightSource;
  /** What stands at one of its addresses, where that is worth coming back to. Pure. */
  readonly visit?: (path: string, search: string) => Visit | undefined;
  /** Its pages for objects of certain kinds: every view of such an object leads to them. */
  readonly objectPages?: ObjectPagesOf;
  /** Ways into the room that people use most, below its name in the rail; not on a phone. */
  readonly links?: readonly RoomLink[];
  /** Its own pickers in the top bar. */
  readonly TopBar?: ComponentType;
}

export interface RoomLink {
  readonly title: string;
  /** Parts a group of links from the one before it. */
  readonly group: string;
  readonly path: string;
  /** Goes there after `g`. */
  readonly letter?: string;
}

export interface RoomPage {
  /** The page gets everything below it too. */
  readonly path: string;
  readonly Page: ComponentType;
}

/** How tabs of one type look in the tray. The view is mounted as long as the tab is there, shown or not. */
export interface TrayView {
  readonly type: string;
  readonly icon: IconName;
  readonly View: ComponentType<{ readonly tab: TrayTab; readonly shown: boolean }>;
  /** Asked before the tab is closed by the person: say what is lost, or end what would live on. False: it stays. */
  readonly onClose?: (tab: TrayTab) => boolean | Promise<boolean>;
}

export interface SpotlightEntry {
  readonly id: string;
  readonly title: string;
  /** Beside the title: namespace, kind. */
  readonly hint?: string;
  readonly icon: IconName;
  /** Heading among the results. */
  readonly group: string;
  readonly keys?: string;
  /** Other words that find it. */
  readonly also?: readonly string[];
  /** How well it fits what was typed, as `kube/meta/name-rank` counts; absent: by its title. */
  readonly rank?: number;
  readonly status?: { readonly word: StatusWord; readonly text: string };
  /** Where it leads: what has an address is kept among the recent ones. */
  readonly path?: string;
  /** What can be done with it: Tab shows it. */
  readonly actions?: (signal: AbortSignal) => Promise<readonly SpotlightEntry[]>;
  /** Why it cannot be chosen now. */
  readonly disabled?: string | undefined;
  readonly run: () => void;
}

/** What stands at an address, for the list of recent ones. */
export interface Visit {
  readonly title: string;
  readonly hint?: string;
  readonly icon: IconName;
}

/**
 * Finds what fits, best first; at most `limit`. Called as the person types, and with nothing typed when the spotlight opens; the
 * signal ends a search that is overtaken. `sofar` shows what is found before all is.
 */
export type SpotlightSource = (
  text: string,
  limit: number,
  signal: AbortSignal,
  sofar: (entries: readonly SpotlightEntry[]) => void,
) => Promise<readonly SpotlightEntry[]>;
