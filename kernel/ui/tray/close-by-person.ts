import { statusOf } from '../live/api-client.ts';
import { toast } from '../parts/toasts.ts';
import type { TrayView } from '../room.ts';
import { trayStrings } from './tray-strings.ts';
import { closeTrayTab, type TrayTab } from './tray.ts';

/** Closes a tab as the person wants it: its view may ask, end what lives on, or keep it. A view that fails keeps no tab alive. */
export async function closeByPerson(tab: TrayTab, view: TrayView | undefined): Promise<boolean> {
  try {
    if ((await view?.onClose?.(tab)) === false) return false;
  } catch (error) {
    toast('warn', trayStrings.closeFailed(tab.title, statusOf(error).message));
  }
  closeTrayTab(tab.id);
  return true;
}
