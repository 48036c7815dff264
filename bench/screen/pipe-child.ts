/** The least that Node can do between two connections: `pipe` both ways, nothing known of what passes. */
import { connect, createServer, type AddressInfo } from 'node:net';

const server = createServer((client) => {
  const machine = connect(Number(process.argv[2]), '127.0.0.1').setNoDelay();
  for (const [from, to] of [
    [client.setNoDelay(), machine],
    [machine, client],
  ] as const) {
    from.on('error', () => {}).once('close', () => to.destroy());
    from.pipe(to);
  }
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
