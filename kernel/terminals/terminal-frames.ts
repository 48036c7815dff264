import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { StatusError } from '@krateyard/status/status-error';
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

const SCHEMAS: Readonly<Record<TerminalClientFrame['type'], TSchema>> = {
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
};

const validators = new Map(Object.entries(SCHEMAS).map(([type, schema]) => [type, Compile(schema)]));

/** Reads one text frame. Throws BadRequest that quotes nothing of the frame. */
export function readTerminalFrame(text: string): TerminalClientFrame {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('the frame is no object');
  const { type } = value as { type?: unknown };
  const validator = typeof type === 'string' ? validators.get(type) : undefined;
  if (!validator) throw bad(`the frame's type is none of ${[...validators.keys()].join(', ')}`);
  if (validator.Check(value)) return value as TerminalClientFrame;
  const [first] = validator.Errors(value);
  throw bad(`the frame is not valid: ${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim());
}

/** One binary message of output: kind and offset, then the bytes. */
export function outputFrame({ offset, stream, bytes }: Piece): readonly Buffer[] {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  frame[0] = stream === 'stdout' ? FRAME_STDOUT : FRAME_STDERR;
  frame.writeBigUInt64BE(BigInt(offset), 1);
  return [frame, bytes];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad('the frame is not JSON');
  }
}

function bad(message: string): StatusError {
  return new StatusError('BadRequest', message);
}
