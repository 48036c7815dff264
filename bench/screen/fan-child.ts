/** One connection to the machine, any number of viewers over WebSockets. */
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { connectRfb } from '@krateyard/rfb/connect-rfb';
import { PaintedScreen } from '@krateyard/rfb/painted-screen';
import { serveRfb } from '@krateyard/rfb/serve-rfb';
import { socketLink } from '@krateyard/rfb/socket-link';
import { webSocketLink } from '@krateyard/rfb/websocket-link';
import { systemClock } from '@krateyard/telemetry/clock';
import { silentLogger } from '@krateyard/telemetry/logger';

const needs = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
const screen = new PaintedScreen();
const machine = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay();
const upstream = await connectRfb(socketLink(machine), { ...needs, screen });
let sent = 0;
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (ws) => {
  const viewer = serveRfb(webSocketLink(ws), screen, {
    ...needs,
    name: 'shared',
    onInput: (input) => upstream.send(input),
  });
  void viewer.ended.then(() => (sent += viewer.sentBytes));
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send!(sent));
