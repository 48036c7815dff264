import type { Chance } from './chance.ts';

/** Frames of a shared terminal's client, most of them senseless. */
export function randomTerminalFrames({ below, pick }: Chance): () => string | Buffer {
  return () => {
    switch (below(6)) {
      case 0:
        return Buffer.from(Array.from({ length: below(64) }, () => below(256)));
      case 1:
        return Buffer.concat([
          Buffer.of(0),
          Buffer.from(pick(['\u0003', '\r', 'echo x\r', '\u0004', '\u001b[A', 'é', ' '.repeat(500)])),
        ]);
      case 2:
        return JSON.stringify(pick(VALUES)) ?? 'undefined';
      case 3:
        return '{"type":"'.slice(0, below(10)) + pick(TYPES);
      default:
        return JSON.stringify({
          type: pick(TYPES),
          ...Object.fromEntries(Array.from({ length: below(4) }, () => [pick(FIELDS), pick(VALUES)])),
        });
    }
  };
}

const TYPES = [
  'resize',
  'eof',
  'ack',
  'ask',
  'grant',
  'release',
  'take',
  'remove',
  'record',
  'auth',
  'ping',
  'hello',
  'exit',
  '',
];
const FIELDS = ['rows', 'cols', 'offset', 'to', 'participant', 'on', 'token', 'nonce', '__proto__', 'type'];
const VALUES: readonly unknown[] = [
  0,
  -1,
  1.5,
  1e300,
  24,
  'x',
  '',
  null,
  true,
  [],
  {},
  '💥',
  '\u0000',
  { a: [] },
];
