import { Store } from '../live/store.ts';

/** The last thing that screen readers should hear, politely. */
export const announcement = new Store('');

export function announce(text: string): void {
  announcement.set(text);
}
