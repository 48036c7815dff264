import { openTrayTab } from '@krateyard/ui/tray/tray';
import { toast } from '@krateyard/ui/parts/toasts';
import { SCREEN_TAB, screenParams, type ScreenAddress } from './screen-address.ts';
import { screenStrings } from './screen-strings.ts';

/** Shows the screen of a machine in the tray; says so when the tray is full. */
export function openScreen(address: ScreenAddress): void {
  const opened = openTrayTab({ type: SCREEN_TAB, title: address.name, params: screenParams(address) });
  if (opened === undefined) toast('warn', screenStrings.trayFull);
}
