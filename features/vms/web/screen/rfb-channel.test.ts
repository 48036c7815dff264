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

test('[SW8] a request for another size is noticed; nothing is sent on a socket that is closing', () => {
  const line = new Line();
  const channel = new RfbChannel(line, () => {});
  channel.send(new Uint8Array([4, 1]));
  assert.equal(channel.resizes, 0);
  channel.send(new Uint8Array([251, 0]));
  assert.equal(channel.resizes, 1);
  line.readyState = 2;
  channel.send(new Uint8Array([4, 0]));
  assert.equal(line.sent.length, 2);
});
