import { openTrayTab } from '@krateyard/ui/tray/tray';
import { SCREEN_TAB, screenParams, type ScreenAddress } from './screen-address.ts';

/** Shows the screen of a machine in the tray. */
export function openScreen(address: ScreenAddress): void {
  openTrayTab({ type: SCREEN_TAB, title: address.name, params: screenParams(address) });
}
