/** One connection to the machine, any number of viewers over WebSockets. */
import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect, type AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { connectRfb } from '@krateyard/rfb/connect-rfb';
import { PaintedScreen } from '@krateyard/rfb/painted-screen';
import { serveRfb } from '@krateyard/rfb/serve-rfb';
import { socketLink } from '@krateyard/rfb/socket-link';
import { webSocketLink } from '@krateyard/rfb/websocket-link';
import { systemClock } from '@krateyard/telemetry/clock';
import { silentLogger } from '@krateyard/telemetry/logger';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const needs = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
const screen = new PaintedScreen();
const machine = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay();
const upstream = await connectRfb(socketLink(machine), { ...needs, screen });
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (ws) => {
  serveRfb(webSocketLink(ws), screen, {
    ...needs,
    name: 'shared',
    onInput: (input) => upstream.send(input),
  });
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
// What is held when nothing is left to be collected: of resident memory some is only not given back yet.
process.on('message', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  process.send!(heapUsed + external);
});
