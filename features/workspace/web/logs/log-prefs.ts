import { Store } from '@krateyard/ui/live/store';
import type { TimeStyle } from './log-time.ts';

/** How this person likes to read logs, here as in every other log. */
export interface LogPrefs {
  readonly wrap: boolean;
  readonly times: TimeStyle;
}

const KEY = 'krateyard.logs';
const NARROW_PX = 640;

export const logPrefs = new Store<LogPrefs>(read());

export function setLogPrefs(change: Partial<LogPrefs>): void {
  const next = { ...logPrefs.get(), ...change };
  logPrefs.set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // It is remembered until the page is left.
  }
}

function read(): LogPrefs {
  // A phone has no room for times beside the lines, nor for scrolling sideways.
  const narrow = typeof innerWidth === 'number' && innerWidth <= NARROW_PX;
  const usual: LogPrefs = { wrap: narrow, times: narrow ? 'off' : 'local' };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<LogPrefs>;
    return {
      wrap: typeof kept.wrap === 'boolean' ? kept.wrap : usual.wrap,
      times: kept.times && ['off', 'local', 'utc'].includes(kept.times) ? kept.times : usual.times,
    };
  } catch {
    return usual;
  }
}
