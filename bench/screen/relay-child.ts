/** The pass-through alone: WebSocket in, TCP out, `relay` in between. */
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { relay } from '@krateyard/rfb/relay';
import { socketLink } from '@krateyard/rfb/socket-link';
import { webSocketLink } from '@krateyard/rfb/websocket-link';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (ws) => {
  const link = webSocketLink(ws);
  const upstream = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay();
  void relay(link, socketLink(upstream));
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
