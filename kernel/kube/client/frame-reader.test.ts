import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, array, boolean, constantFrom, nat, oneof, property, record } from 'fast-check';
import { FrameReader } from './frame-reader.ts';

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** RFC 6455, 5.2, as servers send it. */
function frame(opcode: number, payload: Uint8Array, final = true): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | opcode;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

interface Heard {
  readonly messages: { text: string; binary: boolean }[];
  readonly pings: string[];
  readonly faults: string[];
  concluded: number | undefined;
}

function reading(): { reader: FrameReader; heard: Heard } {
  const heard: Heard = { messages: [], pings: [], faults: [], concluded: undefined };
  let open = false;
  const reader = new FrameReader({
    onPart: ({ bytes, begins, ends, binary }) => {
      assert.equal(begins, !open);
      open = !ends;
      if (begins) heard.messages.push({ text: '', binary });
      const message = heard.messages.at(-1)!;
      assert.equal(message.binary, binary);
      message.text += bytes.toString('latin1');
    },
    onPing: (payload) => heard.pings.push(payload.toString('latin1')),
    onConclude: (code) => (heard.concluded = code),
    onFault: ({ message }) => heard.faults.push(message),
  });
  return { reader, heard };
}

const lengths = oneof(nat({ max: 200 }), constantFrom(125, 126, 65_535, 65_536, 70_000));
const messages = array(
  record({ binary: boolean(), parts: array(lengths, { minLength: 1, maxLength: 4 }), ping: boolean() }),
  { maxLength: 8 },
);

test('[KC25] messages arrive whole, however they and the network are cut, and pings between their parts', () => {
  check(
    property(
      messages,
      array(oneof(nat({ max: 20 }), nat({ max: 70_000 })), { minLength: 1 }),
      (sent, cuts) => {
        const wire: Buffer[] = [];
        const expected: { text: string; binary: boolean }[] = [];
        for (const { binary, parts, ping } of sent) {
          const pieces = parts.map((length) => Buffer.alloc(length, `${expected.length} of ${length}.`));
          for (const [index, piece] of pieces.entries()) {
            const opcode = index > 0 ? CONTINUATION : binary ? BINARY : TEXT;
            wire.push(frame(opcode, piece, index === pieces.length - 1));
            if (ping) wire.push(frame(PING, Buffer.from(`${wire.length}`)), frame(PONG, Buffer.alloc(3)));
          }
          expected.push({ text: Buffer.concat(pieces).toString('latin1'), binary });
        }
        wire.push(frame(CLOSE, Buffer.of(0x03, 0xe9)), frame(TEXT, Buffer.from('nothing comes after it')));
        const { reader, heard } = reading();
        const all = Buffer.concat(wire);
        for (let at = 0, turn = 0; at < all.length; turn += 1) {
          const until = at + 1 + cuts[turn % cuts.length]!;
          reader.read(Buffer.from(all.subarray(at, until)));
          at = until;
        }
        assert.deepEqual(heard.messages, expected);
        assert.equal(
          heard.pings.length,
          sent.reduce((sum, { parts, ping }) => sum + (ping ? parts.length : 0), 0),
        );
        assert.deepEqual([heard.concluded, heard.faults], [1001, []]);
      },
    ),
    { numRuns: 100 },
  );
});

test('[KC25] what servers must not send is a fault, once, and nothing after it is read', () => {
  const hello = frame(TEXT, Buffer.from('hello'));
  const masked = Buffer.concat([Buffer.of(0x81, 0x85, 1, 2, 3, 4), Buffer.alloc(5)]);
  const compressed = Buffer.from(hello);
  compressed[0] = 0xc1;
  const endless = Buffer.concat([Buffer.of(0x82, 127), Buffer.alloc(8, 0xff)]);
  const wrong: Readonly<Record<string, Buffer>> = {
    'a masked frame': masked,
    'a frame of an extension': compressed,
    'a frame of kind 3': frame(3, Buffer.alloc(1)),
    'a frame of kind 11': frame(11, Buffer.alloc(1)),
    'a control frame that is too long': frame(PING, Buffer.alloc(126)),
    'the frames of a message out of order': frame(CONTINUATION, Buffer.alloc(1)),
    'a frame that is too long': endless,
  };
  for (const [what, bytes] of Object.entries(wrong)) {
    const { reader, heard } = reading();
    for (const chunk of [hello, bytes, hello]) reader.read(chunk);
    assert.deepEqual(heard.messages, [{ text: 'hello', binary: false }]);
    assert.equal(heard.faults.length, 1);
    assert.ok(heard.faults[0]!.endsWith(`it sent ${what}.`), heard.faults[0]);
  }
  const { reader, heard } = reading();
  for (const opcode of [TEXT, TEXT]) reader.read(frame(opcode, Buffer.from('a'), false));
  assert.match(heard.faults[0]!, /out of order/);
});

test('[KC25] an empty message is told, and a close without a code is 1005', () => {
  const { reader, heard } = reading();
  reader.read(Buffer.concat([frame(BINARY, Buffer.alloc(0)), frame(TEXT, Buffer.alloc(0), false)]));
  reader.read(Buffer.concat([frame(CONTINUATION, Buffer.alloc(0)), frame(CLOSE, Buffer.alloc(0))]));
  assert.deepEqual(heard.messages, [
    { text: '', binary: true },
    { text: '', binary: false },
  ]);
  assert.equal(heard.concluded, 1005);
});
