import { StatusError } from '@krateyard/status/status-error';
import type { Dialect } from './dialect.ts';
import { outputFrame, readTerminalFrame } from './terminal-frames.ts';
import { FRAME_STDIN, MAX_STDIN_BYTES } from './terminal-protocol.ts';

/** The frames of `terminal-protocol.ts`. */
export function typedDialect(): Dialect {
  return {
    acknowledges: true,
    output: outputFrame,
    frame: (frame) => JSON.stringify(frame),
    read: (message, binary) =>
      binary
        ? { is: 'input', bytes: typedInput(message) }
        : { is: 'frame', frame: readTerminalFrame(message.toString('utf8')) },
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
