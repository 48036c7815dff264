import type { ComponentType } from 'react';
import type { IconName } from './parts/icon.tsx';

/** One room's part of the console: its pages and its place in the rail. A plain object, listed in `apps/console/rooms.ts`. */
export interface Room {
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
