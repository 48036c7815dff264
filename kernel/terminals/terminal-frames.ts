import { FrameSchemas } from '@krateyard/status/frame-schemas';
import {
  Acknowledge,
  AskKeyboard,
  EndOfInput,
  EndSession,
  FRAME_HEADER_BYTES,
  FRAME_STDERR,
  FRAME_STDOUT,
  GrantKeyboard,
  Ping,
  Reauthenticate,
  Record as RecordFrame,
  ReleaseKeyboard,
  RemoveParticipant,
  Resize,
  TakeKeyboard,
  type TerminalClientFrame,
} from './terminal-protocol.ts';
import type { Piece } from './scrollback.ts';

const FRAMES = new FrameSchemas<TerminalClientFrame>({
  resize: Resize,
  eof: EndOfInput,
  ack: Acknowledge,
  ask: AskKeyboard,
  grant: GrantKeyboard,
  release: ReleaseKeyboard,
  take: TakeKeyboard,
  remove: RemoveParticipant,
  record: RecordFrame,
  end: EndSession,
  auth: Reauthenticate,
  ping: Ping,
});

/** As clients write what comes thousands of times for each other frame. */
const ACK = /^{"type":"ack","offset":(\d{1,15})}$/;

/** Throws BadRequest that quotes nothing of the frame. */
export function readTerminalFrame(text: string): TerminalClientFrame {
  const offset = ACK.exec(text)?.[1];
  return offset === undefined ? FRAMES.read(text) : { type: 'ack', offset: Number(offset) };
}

/** One binary message of output: kind and offset, then the bytes. */
export function outputFrame({ offset, stream, bytes }: Piece): readonly Buffer[] {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  frame[0] = stream === 'stdout' ? FRAME_STDOUT : FRAME_STDERR;
  frame.writeBigUInt64BE(BigInt(offset), 1);
  return [frame, bytes];
}
