import { WebSocketServer, type WebSocket } from 'ws';
import { StatusError } from '@krateyard/status/status-error';
import { badRequest } from '../api/api-errors.ts';
import { isTrue } from '../api/request-info.ts';
import type { UpgradeCall, UpgradeEndpoint } from '../api/upgrade-endpoints.ts';
import type { Computer } from './guest/computer.ts';
import type { Guests, GuestStream } from './guest/guests.ts';
import type { VmRequests } from './vm-requests.ts';

const PROTOCOL = 'plain.kubevirt.io';
/** What is pasted, at most. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** A viewer that lets so much wait is no viewer: the serial port does not stop for it. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** `virtualmachineinstances/vnc` and `/console`: bytes in binary messages. Each has one viewer; a newcomer cuts the one before. */
export function vmStreams(requests: VmRequests, guests: Guests): ReadonlyMap<string, UpgradeEndpoint> {
  const endpoint =
    (sort: GuestStream): UpgradeEndpoint =>
    async (call) => {
      const { namespace, name = '' } = call.info.target!;
      if (sort === 'vnc') await requests.requireGraphics({ namespace, name });
      const { instance, guest } = await requests.running({ namespace, name }, () =>
        badRequest('VMI is not running'),
      );
      const uid = instance.metadata.uid!;
      if (isTrue(call.info.query.get('preserveSession')) && guests.streaming(uid, sort))
        throw new StatusError(
          'InternalError',
          'Internal error occurred: dialing virt-handler: websocket: bad handshake',
        );
      const socket = await accept(call);
      const release = guests.stream(uid, sort, () => socket.terminate());
      const stop = (): void => socket.terminate();
      call.signal.addEventListener('abort', stop, { once: true });
      const close = sort === 'vnc' ? showScreen(socket, guest) : showConsole(socket, guest);
      socket.once('close', () => {
        call.signal.removeEventListener('abort', stop);
        release();
        close();
      });
    };
  return new Map([
    ['virtualmachineinstances/vnc', endpoint('vnc')],
    ['virtualmachineinstances/console', endpoint('console')],
  ]);
}

/** With the protocol where it was offered; without any for all other offers. */
async function accept({ request, socket, head }: UpgradeCall): Promise<WebSocket> {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  const ws = await new Promise<WebSocket>((resolve) => {
    server.handleUpgrade(request, socket, head, resolve);
  });
  ws.on('error', () => ws.terminate());
  return ws;
}

function showScreen(socket: WebSocket, guest: Computer): () => void {
  const send = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) resolve();
      else socket.send(bytes, { binary: true }, () => resolve());
    });
  const port = guest.openScreen({ send, end: () => socket.terminate() });
  socket.on('message', (message: Buffer) => {
    try {
      port.received(message);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      socket.terminate();
    }
  });
  return () => port.close();
}

function showConsole(socket: WebSocket, guest: Computer): () => void {
  socket.on('message', (message: Buffer) => guest.typeSerial(message));
  return guest.onSerial((bytes) => {
    if (socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate();
    else socket.send(bytes, { binary: true });
  });
}
