/* oxlint-disable unicorn/prefer-add-event-listener -- noVNC itself sets fields */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import { RfbChannel } from './rfb-channel.ts';

/** A socket whose other side is the test. */
class Line implements ByteSocket {
  readyState = 1;
  binaryType = '';
  readonly sent: (string | Uint8Array)[] = [];
  closed = 0;
  onopen: ByteSocket['onopen'] = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: ByteSocket['onerror'] = null;
  send(frame: string | Uint8Array): void {
    this.sent.push(frame);
  }
  close(): void {
    this.closed += 1;
    this.readyState = 3;
  }
}

test('[SW3] the end of a socket is told to whoever owns it; noVNC learns of it when it closes, a moment later', async () => {
  const line = new Line();
  const told: (number | string)[] = [];
  const channel = new RfbChannel(line, (code) => told.push(code));
  channel.onclose = () => told.push('noVNC');
  line.onclose!({ code: 4001 });
  assert.deepEqual([told, channel.readyState], [[4001], 'open']);
  channel.close();
  assert.deepEqual([told, channel.readyState, line.closed], [[4001], 'closed', 1]);
  await Promise.resolve();
  assert.deepEqual(told, [4001, 'noVNC']);
});

test('[SW8, SW14] what a machine was asked for is known; nothing is sent on a socket that is closing', () => {
  const line = new Line();
  const channel = new RfbChannel(line, () => {});
  channel.send(new Uint8Array([4, 1]));
  assert.equal(channel.took({ width: 0, height: 0 }), false);
  const [before, asked] = [
    { width: 720, height: 400 },
    { width: 1290, height: 807 },
  ];
  // As noVNC sends it: in a larger buffer of its own.
  const buffer = new Uint8Array(64);
  buffer.set([251, 0, 1290 >> 8, 1290 & 0xff, 807 >> 8, 807 & 0xff, 1, 0], 8);
  channel.send(buffer.subarray(8, 32));
  assert.equal(channel.took(before), false, 'asked and refused');
  assert.equal(channel.took(asked), true);
  assert.equal(channel.took({ width: 1288, height: 800 }), true, 'rounded');
  assert.equal(channel.took({ width: 1290, height: 400 }), false);
  line.readyState = 2;
  channel.send(new Uint8Array([4, 0]));
  assert.equal(line.sent.length, 2);
});
