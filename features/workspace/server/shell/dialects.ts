import { StatusError } from '@krateyard/status/status-error';
import {
  FRAME_STDIN,
  MAX_STDIN_BYTES,
  type ShellClientFrame,
  type ShellServerFrame,
} from '../../contract/shell-protocol.ts';
import type { Piece } from './scrollback.ts';
import { outputFrame, readShellFrame, seedResize } from './shell-frames.ts';

export type Incoming =
  | { readonly is: 'input'; readonly bytes: Buffer }
  | { readonly is: 'frame'; readonly frame: ShellClientFrame };

/** How a session is told and heard on one socket. */
export interface Dialect {
  /** The client says what it has drawn, and is not sent more than a window beyond it; it may come back and go on. */
  readonly acknowledges: boolean;
  output(piece: Piece): Buffer | string;
  /** Undefined: this dialect has no words for it. */
  frame(frame: ShellServerFrame): string | undefined;
  /** Throws StatusError for what makes no sense. */
  read(message: Buffer, binary: boolean): Incoming;
}

/** `shell.krateyard.v1`. */
export function typedDialect(): Dialect {
  return {
    acknowledges: true,
    output: outputFrame,
    frame: (frame) => JSON.stringify(frame),
    read: (message, binary) =>
      binary
        ? { is: 'input', bytes: typedInput(message) }
        : { is: 'frame', frame: readShellFrame(message.toString('utf8')) },
  };
}

function typedInput(message: Buffer): Buffer {
  if (message[0] !== FRAME_STDIN)
    throw new StatusError('BadRequest', 'binary frames begin with 0, for input');
  if (message.length > MAX_STDIN_BYTES + 1) {
    throw new StatusError(
      'RequestEntityTooLarge',
      `one frame holds at most ${MAX_STDIN_BYTES} bytes of input`,
    );
  }
  return message.subarray(1);
}

/** The seed's: keys and output as text, a resize as the one JSON frame. */
export function seedDialect(): Dialect {
  // Characters may be cut in two by frames.
  const decoders = { stdout: newDecoder(), stderr: newDecoder() };
  return {
    acknowledges: false,
    output: ({ bytes, stream }) => decoders[stream].decode(bytes, { stream: true }),
    frame: (frame) =>
      frame.type === 'exit' && frame.reason !== 'exited' && frame.message !== undefined
        ? `\r\n[${frame.message}]\r\n`
        : undefined,
    read: (message, binary) => {
      const size = binary ? undefined : seedResize(message.toString('utf8'));
      return size
        ? { is: 'frame', frame: { type: 'resize', rows: size.rows, cols: size.cols } }
        : { is: 'input', bytes: message };
    },
  };
}

function newDecoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
