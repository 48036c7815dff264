import type { UpstreamSocket } from '@krateyard/kube/client/upstream-socket';
import type { ByteLink } from '@krateyard/rfb/byte-link';
import { PushedLink } from '@krateyard/rfb/pushed-link';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';

/** Below the minute after which KubeVirt, and proxies before it, cut what is silent. */
const PING_MS = 20_000;

/** A WebSocket at the API server as a link. KubeVirt ends one without a closing handshake: that is an end like any other. */
export function upstreamLink(
  socket: UpstreamSocket,
  clock: Clock,
  onBytes: (count: number) => void,
): ByteLink {
  const link = new PushedLink({
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    send: (bytes) => socket.send(bytes),
    close: () => socket.close(),
  });
  const stopPings = clock.every(PING_MS, () => {
    if (!socket.ping()) socket.abort(new Error('the API server does not answer pings'));
  });
  socket.listen({
    onMessage: (bytes) => {
      onBytes(bytes.length);
      link.received(bytes);
    },
    onWritable: () => link.writable(),
    onClosed: (_code, error) => {
      stopPings();
      link.ended(error && broken(error));
    },
  });
  return link;
}

const broken = (cause: Error): StatusError =>
  new StatusError('ServiceUnavailable', 'The connection to the machine’s screen broke.', { cause });
