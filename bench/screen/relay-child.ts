/** Our pass-through alone: WebSocket in, WebSocket out, as the gateway's is between a browser and KubeVirt. */
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { FrameSplice } from '@krateyard/rfb/frame-splice';
import { switchProtocols } from '@krateyard/runtime/switch-protocols';
import { systemClock } from '@krateyard/telemetry/clock';
import { shaken } from './shaken.ts';

const server = createServer();
server.on('upgrade', (request, client, head) => {
  const key = request.headers['sec-websocket-key'] ?? '';
  const machine = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay();
  void shaken(machine).then(() => {
    switchProtocols(client, head, { key, protocol: 'binary' });
    const needs = { clock: systemClock, maxFrameBytes: 4 << 20, onBytes: () => {} };
    void new FrameSplice(client, machine, needs).ended;
  });
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
