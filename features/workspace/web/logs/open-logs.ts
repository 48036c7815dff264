import { openTrayTab } from '@krateyard/ui/tray/tray';
import { formatAddress, readAddress, titleOf, type LogAddress } from './log-address.ts';

export const LOGS_TAB = 'logs';

/** Tabs that a person has just opened: their lines take the focus; those of a reload do not. */
const opened = new Set<string>();

/** Shows a log in the tray. */
export function openLogs(target: Partial<LogAddress> & { readonly ns: string }): void {
  const address = { ...readAddress({}), ...target };
  const id = openTrayTab({ type: LOGS_TAB, title: titleOf(address), params: formatAddress(address) });
  if (id !== undefined) opened.add(id);
}

export function wantsFocus(tab: string): boolean {
  return opened.has(tab);
}
