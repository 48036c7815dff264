import { openTrayTab } from '@krateyard/ui/tray/tray';
import type { ScreenAddress } from '../screen/screen-address.ts';
import { SERIAL_TAB, serialParams } from './serial-address.ts';
import { serialStrings as strings } from './serial-strings.ts';

/** Shows the serial console of a machine in the tray. */
export function openSerial({ namespace, name }: ScreenAddress): void {
  const params = serialParams({ namespace, name });
  openTrayTab({ type: SERIAL_TAB, title: strings.title(name), params });
}
