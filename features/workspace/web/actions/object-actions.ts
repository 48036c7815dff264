import { logsAction } from './logs-action.ts';
import type { ObjectAction } from './object-action.ts';
import { shellAction } from './shell-action.ts';

/** Every action, in the order of menus. One file per action (or family of them) beside this one. */
export const OBJECT_ACTIONS: readonly ObjectAction[] = [logsAction, shellAction];
