import { createContext } from 'react';
import type { LiveObject } from '../live/live-frames.ts';
import type { IconName } from '../parts/icon.tsx';

/** A page of a room that shows an object as what it is for people: a machine, not a VirtualMachine. */
export interface ObjectPage {
  readonly title: string;
  readonly icon: IconName;
  readonly path: string;
}

/** What pages there are for an object. Pure; asked whenever the object changes. */
export type ObjectPagesOf = (
  kind: { readonly group: string; readonly resource: string },
  object: LiveObject,
) => readonly ObjectPage[];

/** Those of all rooms; without a frame around there are none. */
export const ObjectPagesContext = createContext<ObjectPagesOf>(() => []);
