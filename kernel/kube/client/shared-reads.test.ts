import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  connect as connectTcp,
  createServer as createTcpServer,
  type AddressInfo,
  type Socket,
} from 'node:net';
import { test, type TestContext } from 'node:test';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { createTestCertificates } from '../test-servers/test-certificates.ts';
import { turn } from '../test-servers/until.ts';
import { LentReads } from './lent-reads.ts';
import { lendReads, sharedReadsConnector } from './shared-reads.ts';
import { Writable } from 'node:stream';

const TOTAL_BYTES = 8 << 20;
const certificates = createTestCertificates();
/** All servers here would go on with each other's sessions. */
const replica = { ...certificates.server, ticketKeys: randomBytes(48) };

type Wire = 'tcp' | 'tls';

/** Every word of it is another. */
function words(seed: number): Buffer {
  const numbers = Uint32Array.from(
    { length: TOTAL_BYTES / 4 },
    (_, index) => Math.imul(index, 0x9e37_79b1) ^ seed,
  );
  return Buffer.from(numbers.buffer);
}

async function listen(t: TestContext, wire: Wire, onSocket: (socket: Socket) => void): Promise<number> {
  const server = wire === 'tcp' ? createTcpServer(onSocket) : createTlsServer(replica, onSocket);
  server.on(wire === 'tcp' ? 'connection' : 'secureConnection', (socket: Socket) => {
    socket.on('error', () => {});
    t.after(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A source that says all it has when it is spoken to. */
async function source(t: TestContext, wire: Wire, all: Buffer): Promise<Socket> {
  const port = await listen(t, wire, (socket) => void socket.once('data', () => socket.end(all)));
  const connect = sharedReadsConnector({ ca: certificates.ca });
  const socket = await new Promise<Socket>((resolve, reject) => {
    const to = { hostname: '127.0.0.1', protocol: wire === 'tcp' ? 'http:' : 'https:', port: `${port}` };
    connect(to, (error, found) => (found ? resolve(found) : reject(error!)));
  });
  t.after(() => socket.destroy());
  return socket;
}

/** Both ends of a connection. */
async function sink(t: TestContext, wire: Wire): Promise<{ near: Socket; far: Socket }> {
  const accepted = Promise.withResolvers<Socket>();
  const port = await listen(t, wire, accepted.resolve);
  const far: Socket | TLSSocket =
    wire === 'tcp'
      ? connectTcp(port, '127.0.0.1')
      : connectTls({ port, host: '127.0.0.1', ca: certificates.ca });
  t.after(() => far.destroy());
  return { near: await accepted.promise, far };
}

function relay(from: Socket, to: Socket): void {
  to.on('drain', () => from.resume());
  lendReads(from, to, (bytes) => {
    if (!to.write(bytes) && to.writableLength > 0) from.pause();
  });
  from.on('end', () => to.end());
  from.write('go');
}

/** Takes a little, and looks away for a while: what is on its way waits in all the places that there are. */
async function readSlowly(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => pieces.push(bytes));
  const ended = once(socket, 'end').then(() => true);
  for (let [round, over] = [0, false]; !over; round += 1) {
    socket.pause();
    for (let count = round % 7; count > 0; count -= 1) await turn();
    socket.resume();
    over = await Promise.race([ended, turn().then(() => false)]);
  }
  return Buffer.concat(pieces);
}

for (const from of ['tcp', 'tls'] as const)
  for (const to of ['tcp', 'tls'] as const)
    test(`[KC26] what is lent from ${from} to ${to} arrives as it came, however slowly it is taken, beside others`, async (t) => {
      const seeds = [0, 0x5a5a_5a5a];
      await Promise.all(
        seeds.map(async (seed) => {
          const all = words(seed);
          const { near, far } = await sink(t, to);
          relay(await source(t, from, all), near);
          assert.ok((await readSlowly(far)).equals(all), `${seed}`);
        }),
      );
    });

test('[KC26] the first that is lent stays as well, while the next connection reads where all begin to read', async (t) => {
  const [first, second] = [words(1), words(2)];
  const [one, two] = [await sink(t, 'tcp'), await sink(t, 'tcp')];
  const before = Buffer.alloc(TOTAL_BYTES, 'full');
  one.near.write(before);
  const waiting = one.near.writableLength;
  assert.ok(waiting > 0, 'the system took it all');
  relay(await source(t, 'tls', first), one.near);
  while (one.near.writableLength === waiting) await turn();
  relay(await source(t, 'tls', second), two.near);
  assert.ok((await readSlowly(two.far)).equals(second));
  assert.ok((await readSlowly(one.far)).equals(Buffer.concat([before, first])));
});

test('[KC26] what the receiver still holds is never read over, however much comes and whenever it is let go', () => {
  let state = 0x2545_f491;
  const random = (below: number): number => (
    (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0),
    (state >>> 8) % below
  );
  let sent = (): void => {};
  const to = new Writable({ write: (_bytes, _encoding, done) => void (sent = done) });
  const reads = new LentReads(to);
  let held: { readonly bytes: Buffer; readonly mark: number }[] = [];
  for (let round = 0; round < 600; round += 1) {
    const into = reads.next();
    assert.ok(into.length >= 64 * 1024, `${into.length}`);
    const count = 1 + random(random(2) === 0 ? into.length : 2_000);
    into.fill(round, 0, count);
    const bytes = reads.received(count);
    assert.equal(bytes.length, count);
    to.write(bytes);
    held.push({ bytes, mark: round & 0xff });
    for (const one of held) assert.ok(one.bytes[0] === one.mark && one.bytes.at(-1) === one.mark);
    while (to.writableLength > 0 && random(3) === 0) sent();
    if (to.writableLength === 0) held = [];
  }
});

test('[KC28] a socket goes on with the TLS session of the one before it to the same server, and of no other', async (t) => {
  const greet = (socket: Socket): void => void socket.write('hello');
  const [port, other] = [await listen(t, 'tls', greet), await listen(t, 'tls', greet)];
  const connect = sharedReadsConnector({ ca: certificates.ca });
  const isResumed = (to: number): Promise<boolean> =>
    new Promise((resolve, reject) => {
      connect({ hostname: '127.0.0.1', protocol: 'https:', port: `${to}` }, (error, found) => {
        if (error) return reject(error);
        t.after(() => found.destroy());
        // A session is told in the turn that brings it, a little after what came behind it.
        found.once('data', () => setImmediate(() => resolve((found as TLSSocket).isSessionReused())));
      });
    });
  const resumed: boolean[] = [];
  for (const to of [port, port, other, other, port]) resumed.push(await isResumed(to));
  assert.deepEqual(resumed, [false, true, false, true, false]);
});
