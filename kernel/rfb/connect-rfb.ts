import { isStatusError, StatusError } from '@krateyard/status/status-error';
import type { ByteLink } from './byte-link.ts';
import { ByteReader } from './internal/byte-reader.ts';
import { shakeHands } from './internal/upstream-handshake.ts';
import { UpstreamConnection } from './internal/upstream-connection.ts';
import type { ConnectRfbOptions, RfbUpstream } from './rfb-upstream.ts';

/** From the first byte to ServerInit. */
const HANDSHAKE_MS = 15_000;

/**
 * Speaks RFB to a machine's VNC server and paints what it shows. Resolves when the server has told the size; rejects with a StatusError:
 * NotAcceptable when it wants a password, Timeout, ServiceUnavailable when the link ends, BadRequest when what comes is no RFB.
 * The link is closed by the end.
 */
export async function connectRfb(link: ByteLink, options: ConnectRfbOptions): Promise<RfbUpstream> {
  const { screen, signal, clock } = options;
  const reader = new ByteReader(link.chunks);
  const failed = Promise.withResolvers<never>();
  const cancel = clock.after(HANDSHAKE_MS, () =>
    failed.reject(new StatusError('Timeout', 'The machine’s VNC server did not answer in time.')),
  );
  const onAbort = (): void => failed.reject(stopped());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) throw stopped();
    const init = await Promise.race([shakeHands(reader, link), failed.promise]);
    screen.resize(init.width, init.height);
    screen.setLayout(undefined);
    return new UpstreamConnection(link, reader, init.name, options);
  } catch (error) {
    link.close();
    throw isStatusError(error)
      ? error
      : new StatusError('ServiceUnavailable', 'The connection of the screen broke.', { cause: error });
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
  }
}

const stopped = (): StatusError =>
  new StatusError('ServiceUnavailable', 'The connection of the screen was given up.');
