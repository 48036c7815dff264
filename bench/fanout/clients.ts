import { connect, type Socket } from 'node:net';
import { CLIENTS, type FromClients, type ToClients } from './protocol.ts';

/** Clients that do the handshake and then only count bytes: the server is what is measured. */
const HANDSHAKE = [
  'GET / HTTP/1.1',
  'Host: bench',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

/** How often the count is told. */
const TELL_MS = 2;

const sockets: Socket[] = [];
let received = 0;
let told = 0;

process.on('message', (message: ToClients) => {
  if (message.do === 'stop') process.exit(0);
  void connectAll(message.port).then(() => tell({ is: 'connected' }));
});

setInterval(() => {
  if (told === received) return;
  told = received;
  tell({ is: 'received', bytes: received });
}, TELL_MS);

async function connectAll(port: number): Promise<void> {
  for (let count = 0; count < CLIENTS; count += 1) await open(port);
}

function open(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(HANDSHAKE));
    sockets.push(socket);
    socket.once('data', (head) => {
      received += head.length - (head.indexOf('\r\n\r\n') + 4);
      socket.on('data', (bytes) => (received += bytes.length));
      resolve();
    });
  });
}

function tell(message: FromClients): void {
  process.send?.(message);
}
