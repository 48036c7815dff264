import type { ByteLink } from './byte-link.ts';
import { ViewerConnection } from './internal/viewer-connection.ts';
import type { RfbViewer, ServeRfbOptions } from './rfb-viewer.ts';
import type { Screen } from './screen.ts';

/**
 * Shows a screen to one RFB viewer, which gets an update when it asked for one and its link has room: a slow viewer gets fewer
 * frames and holds up nobody. In memory it takes, besides its link: 266 KiB of tiles on their way, 2 MiB of clipboards that wait, 1 MiB
 * of a clipboard that comes, a byte for each 64 × 64 tile. What viewers want alike is coded once.
 */
export function serveRfb(link: ByteLink, screen: Screen, options: ServeRfbOptions): RfbViewer {
  return new ViewerConnection(link, screen, options);
}
