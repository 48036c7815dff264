import { useKeys } from '@krateyard/ui/keys/use-keys';
import { logStrings } from './log-strings.ts';

export interface LogKeyActions {
  readonly filter: () => void;
  readonly find: () => void;
  readonly match: (direction: 1 | -1) => void;
  readonly move: (by: number) => void;
  readonly screen: (direction: 1 | -1) => void;
  readonly first: () => void;
  readonly last: () => void;
  readonly wrap: () => void;
  readonly times: () => void;
  readonly pause: () => void;
  readonly copy: () => void;
  readonly json: () => void;
  readonly link: () => void;
  /** Undefined when there is nothing to clear: Esc is somebody else's then. */
  readonly clear: (() => void) | undefined;
}

/** The keys of a log view: of the page always, in the tray while the focus is in it. */
export function useLogKeys(actions: LogKeyActions, active: boolean, finding: boolean): void {
  const { keyNames: names, keys: group } = logStrings;
  useKeys(
    [
      { keys: '/', label: names.filter, group, run: actions.filter },
      { keys: 'Mod+f', label: names.find, group, whileTyping: true, run: actions.find },
      { keys: 'j', label: names.down, group, run: () => actions.move(1) },
      { keys: 'k', label: names.up, group, run: () => actions.move(-1) },
      { keys: 'ArrowDown', label: names.down, group, run: () => actions.move(1) },
      { keys: 'ArrowUp', label: names.up, group, run: () => actions.move(-1) },
      { keys: 'PageDown', label: names.screenDown, group, run: () => actions.screen(1) },
      { keys: 'PageUp', label: names.screenUp, group, run: () => actions.screen(-1) },
      { keys: 'g g', label: names.first, group, run: actions.first },
      { keys: 'Home', label: names.first, group, run: actions.first },
      { keys: 'G', label: names.last, group, run: actions.last },
      { keys: 'End', label: names.last, group, run: actions.last },
      { keys: 'Enter', label: names.json, group, run: actions.json },
      { keys: 'w', label: names.wrap, group, run: actions.wrap },
      { keys: 't', label: names.times, group, run: actions.times },
      { keys: 'p', label: names.pause, group, run: actions.pause },
      { keys: 'c', label: names.copy, group, run: actions.copy },
      { keys: 'L', label: names.link, group, run: actions.link },
    ],
    active,
  );
  useKeys(
    [
      { keys: 'n', label: names.next, group, run: () => actions.match(1) },
      { keys: 'N', label: names.before, group, run: () => actions.match(-1) },
    ],
    active && finding,
  );
  useKeys(
    [{ keys: 'Escape', label: names.clear, group, run: () => actions.clear?.() }],
    active && actions.clear !== undefined,
  );
}
