import type { ObjectAction } from './object-action.ts';

/** Every action, in the order of menus. One file per action (or family of them) beside this one. */
export const OBJECT_ACTIONS: readonly ObjectAction[] = [];
