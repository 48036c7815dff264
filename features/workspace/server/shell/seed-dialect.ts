import { Compile } from 'typebox/compile';
import type { Dialect } from '@krateyard/terminals/dialect';
import { Resize, type TerminalServerFrame } from '@krateyard/terminals/terminal-protocol';

const resize = Compile(Resize);

/** The seed's: keys and output as text, a resize as the one JSON frame. */
export function seedDialect(): Dialect {
  // Characters may be cut in two by frames.
  const decoders = { stdout: newDecoder(), stderr: newDecoder() };
  return {
    acknowledges: false,
    output: ({ bytes, stream }) => {
      const text = decoders[stream].decode(bytes, { stream: true });
      return text === '' ? undefined : text;
    },
    frame: told,
    read: (message, binary) => {
      const size = binary ? undefined : seedResize(message.toString('utf8'));
      return size
        ? { is: 'frame', frame: { type: 'resize', rows: size.rows, cols: size.cols } }
        : { is: 'input', bytes: message };
    },
  };
}

/** In the output, as text. */
function told(frame: TerminalServerFrame): string | undefined {
  if (frame.type === 'gap') return `\r\n[${frame.to - frame.from} bytes of output are not kept any more]\r\n`;
  const says = frame.type === 'exit' && frame.reason !== 'exited' && frame.message !== undefined;
  return says ? `\r\n[${frame.message}]\r\n` : undefined;
}

/** The seed's one frame that is no keys: exactly this object, in any order of its fields. */
function seedResize(text: string): { readonly rows: number; readonly cols: number } | undefined {
  if (!text.startsWith('{') || text.length > 100 || !text.includes('"resize"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const exact = Object.keys(value as object).length === 3 && resize.Check(value);
  return exact ? (value as { rows: number; cols: number }) : undefined;
}

function newDecoder(): InstanceType<typeof TextDecoder> {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
