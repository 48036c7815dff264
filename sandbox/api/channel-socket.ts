import { WebSocketServer, type WebSocket } from 'ws';
import { untilWritable } from './until-writable.ts';
import type { UpgradeCall } from './upgrade-endpoints.ts';

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;
export const ERROR = 3;
export const RESIZE = 4;
/** In v5 a frame of this channel says that the channel in its one byte is finished. */
export const CLOSE = 255;

/** One message may hold what a terminal pastes; more is a client gone wrong. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const PING_PERIOD_MS = 30_000;

/** A WebSocket that carries numbered channels, the number being the first byte of each message (`*.channel.k8s.io`). */
export interface ChannelSocket {
  /** '' where the client offered none. */
  readonly protocol: string;
  readonly socket: WebSocket;
  /** Resolves when the bytes are on their way; at once when the peer is gone. */
  send(channel: number, bytes: Uint8Array): Promise<void>;
  /** Ends the connection in good order (1000). */
  close(): void;
  /** Aborts when the peer is gone. */
  readonly gone: AbortSignal;
}

/** Takes the upgrade with the best protocol of both sides; undefined, and 403 without a body, where they have none. */
export async function acceptChannels(
  call: UpgradeCall,
  protocols: readonly string[],
): Promise<ChannelSocket | undefined> {
  const offered = offeredProtocols(call.request.headers['sec-websocket-protocol']);
  const protocol = offered.length === 0 ? '' : protocols.find((known) => offered.includes(known));
  if (protocol === undefined) {
    call.socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return undefined;
  }
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => (protocol === '' ? false : protocol),
  });
  const socket = await new Promise<WebSocket>((resolve) => {
    server.handleUpgrade(call.request, call.socket, call.head, resolve);
  });
  return channelSocket(socket, protocol, call.signal);
}

/** Without those that carry a token. */
function offeredProtocols(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('base64url.bearer.authorization.k8s.io.'));
}

function channelSocket(socket: WebSocket, protocol: string, signal: AbortSignal): ChannelSocket {
  const gone = new AbortController();
  const ping = setInterval(() => socket.ping(), PING_PERIOD_MS).unref();
  const stop = (): void => socket.close(1001);
  signal.addEventListener('abort', stop, { once: true });
  socket.on('error', () => {});
  socket.once('close', () => {
    clearInterval(ping);
    signal.removeEventListener('abort', stop);
    gone.abort();
  });
  return {
    protocol,
    socket,
    gone: gone.signal,
    send: (channel, bytes) => sendFrame(socket, Buffer.concat([Buffer.from([channel]), bytes])),
    close: () => socket.close(1000),
  };
}

function sendFrame(socket: WebSocket, frame: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else socket.send(frame, { binary: true }, () => resolve());
  });
}

/** Calls `onFrame` for every message, in order; frames without a channel are left out. */
export function readChannels(
  channels: ChannelSocket,
  onFrame: (channel: number, bytes: Buffer) => void,
): void {
  channels.socket.on('message', (data) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(data as Buffer[]);
    if (bytes.length > 0) onFrame(bytes[0]!, bytes.subarray(1));
  });
}

/** Writes to a process or connection; the peer is not read while it is full. */
export function writePaced(channels: ChannelSocket, sink: NodeJS.WritableStream, bytes: Uint8Array): void {
  if (sink.write(bytes)) return;
  channels.socket.pause();
  void untilWritable(sink).then(() => channels.socket.resume());
}
