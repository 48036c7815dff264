import {
  FRAME_HEADER_BYTES,
  FRAME_STDERR,
  FRAME_STDIN,
  FRAME_STDOUT,
} from '@krateyard/terminals/terminal-protocol';

export interface OutputFrame {
  readonly stream: 'stdout' | 'stderr';
  /** Of the first byte, counted from the session's first. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Undefined for frames of a newer protocol. */
export function readOutput(frame: ArrayBuffer): OutputFrame | undefined {
  if (frame.byteLength < FRAME_HEADER_BYTES) return undefined;
  const head = new DataView(frame);
  const type = head.getUint8(0);
  if (type !== FRAME_STDOUT && type !== FRAME_STDERR) return undefined;
  return {
    stream: type === FRAME_STDOUT ? 'stdout' : 'stderr',
    offset: Number(head.getBigUint64(1)),
    bytes: new Uint8Array(frame, FRAME_HEADER_BYTES),
  };
}

export function inputFrame(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(1 + bytes.length);
  frame[0] = FRAME_STDIN;
  frame.set(bytes, 1);
  return frame;
}
