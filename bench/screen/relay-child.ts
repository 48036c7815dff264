/** Our pass-through alone: WebSocket in, WebSocket out, as the gateway's is between a browser and KubeVirt. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { lendReads, sharedReadsConnector } from '@krateyard/kube/client/shared-reads';
import { FrameSplice } from '@krateyard/rfb/frame-splice';
import { switchProtocols } from '@krateyard/runtime/switch-protocols';
import { systemClock } from '@krateyard/telemetry/clock';
import { shaken } from './shaken.ts';

const connect = sharedReadsConnector({});
const server = createServer();
server.on('upgrade', (request, client, head) => {
  const key = request.headers['sec-websocket-key'] ?? '';
  void dial().then((machine) => {
    switchProtocols(client, head, { key, protocol: 'binary' });
    const needs = { clock: systemClock, maxFrameBytes: 4 << 20, onBytes: () => {}, read: lendReads };
    void new FrameSplice(client, machine, needs).ended;
  });
});

/** By the connector that the gateway dials API servers with. */
async function dial(): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const to = { hostname: '127.0.0.1', protocol: 'http:', port: process.argv[2]! };
  connect(to, (error, socket) => (socket ? resolve(socket) : reject(error!)));
  const machine = await promise;
  await shaken(machine);
  return machine;
}

// Whoever started it is gone.
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
