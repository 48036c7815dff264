import type { SimpleCommandNode, WordNode } from 'just-bash';
import { EMPTY_SOURCE, NULL_SINK, sourceOf, type ByteSink, type ByteSource } from './byte-pipe.ts';
import { expandWords } from './just-bash-bridge.ts';
import { absolutePath, type Io, type ShellScope } from './shell-scope.ts';

type RedirectionNode = SimpleCommandNode['redirections'][number];
type HereDocNode = Exclude<RedirectionNode['target'], WordNode>;

const FILE_LIMIT_BYTES = 32 * 1024 * 1024;
const ZEROS = new Uint8Array(32 * 1024);

export type Opened = { io: Io; close: () => Promise<void> } | { error: string };

/** The streams of a command after its redirections, in the order in which they stand. */
export async function openRedirections(
  scope: ShellScope,
  redirections: readonly RedirectionNode[],
  outer: Io,
): Promise<Opened> {
  const io = { ...outer };
  const sinks: FileSink[] = [];
  for (const redirection of redirections) {
    const error = await apply(scope, redirection, io, sinks, outer);
    if (error !== undefined) return { error };
  }
  return {
    io,
    close: async () => {
      for (const sink of sinks) await sink.flush();
    },
  };
}

async function apply(
  scope: ShellScope,
  redirection: RedirectionNode,
  io: { stdin: ByteSource; stdout: ByteSink; stderr: ByteSink },
  sinks: FileSink[],
  outer: Io,
): Promise<string | undefined> {
  const { operator } = redirection;
  if (operator === '<<' || operator === '<<-' || operator === '<<<') {
    io.stdin = sourceOf(Buffer.from(await inlineText(scope, redirection)));
    return undefined;
  }
  const target = (await expandWords(scope, [redirection.target as WordNode])).argv[0] ?? '';
  if (operator === '>&' || operator === '<&') {
    if (target === '-') return undefined;
    if (/^\d$/.test(target)) {
      const from = target === '2' ? io.stderr : io.stdout;
      if ((redirection.fd ?? 1) === 2) io.stderr = from;
      else io.stdout = from;
      return undefined;
    }
  }
  if (operator === '<' || operator === '<>') {
    const opened = await openSource(scope, target);
    if (typeof opened === 'string') return opened;
    io.stdin = opened;
    return undefined;
  }
  const sink = await openSink(scope, target, operator.endsWith('>>'), outer);
  if (typeof sink === 'string') return sink;
  if ('flush' in sink) sinks.push(sink);
  const both = operator === '&>' || operator === '&>>' || operator === '>&';
  if (both || redirection.fd === 2) io.stderr = sink;
  if (both || (redirection.fd ?? 1) === 1) io.stdout = sink;
  return undefined;
}

async function inlineText(scope: ShellScope, redirection: RedirectionNode): Promise<string> {
  if (redirection.operator === '<<<')
    return `${(await expandWords(scope, [redirection.target as WordNode])).argv.join(' ')}\n`;
  const { content, quoted } = redirection.target as HereDocNode;
  // Inside of a here-document words are not split: as if in double quotes.
  const word: WordNode = quoted
    ? content
    : { type: 'Word', parts: [{ type: 'DoubleQuoted', parts: content.parts }] };
  return (await expandWords(scope, [word])).argv[0] ?? '';
}

/** Reads a file, or a device that never ends. */
export async function openSource(scope: ShellScope, path: string): Promise<ByteSource | string> {
  const full = absolutePath(scope.cwd, path);
  if (full === '/dev/null') return EMPTY_SOURCE;
  if (full === '/dev/zero') return endless(() => ZEROS);
  if (full === '/dev/urandom' || full === '/dev/random')
    return endless(() => crypto.getRandomValues(new Uint8Array(16 * 1024)));
  const fs = await scope.machine.files();
  try {
    if ((await fs.stat(full)).isDirectory) return `can't open ${path}: Is a directory`;
    return sourceOf(await fs.readFileBuffer(full));
  } catch {
    return `can't open ${path}: no such file`;
  }
}

function endless(next: () => Uint8Array): ByteSource {
  let closed = false;
  return {
    read: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return closed ? undefined : next();
    },
    unread: () => {},
    close: () => {
      closed = true;
    },
    interactive: false,
  };
}

async function openSink(
  scope: ShellScope,
  path: string,
  append: boolean,
  outer: Io,
): Promise<ByteSink | FileSink | string> {
  const full = absolutePath(scope.cwd, path);
  if (full === '/dev/null') return NULL_SINK;
  if (full === '/dev/stdout' || full === '/proc/1/fd/1' || full === '/dev/tty')
    return { write: (chunk) => outer.stdout.write(chunk), end: () => {} };
  if (full === '/dev/stderr' || full === '/proc/1/fd/2')
    return { write: (chunk) => outer.stderr.write(chunk), end: () => {} };
  const fs = await scope.machine.files();
  try {
    if (append) await fs.appendFile(full, '');
    else await fs.writeFile(full, '');
  } catch {
    return `can't create ${path}: nonexistent directory`;
  }
  return fileSink((bytes) => fs.appendFile(full, bytes));
}

/** A sink that may hold the last bytes back until it is flushed. */
export interface FileSink extends ByteSink {
  flush(): Promise<void>;
}

/** So much of a file is written through at once; what follows goes in larger pieces, as appending copies. */
const EAGER_BYTES = 256 * 1024;
const PIECE_BYTES = 2 * 1024 * 1024;

/** Files are bounded: what is beyond is refused as on a full disk. */
export function fileSink(append: (bytes: Uint8Array) => Promise<void>): FileSink {
  let size = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const flush = async (): Promise<void> => {
    const piece = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    if (piece.length > 0) await append(piece);
  };
  return {
    write: async (chunk) => {
      size += chunk.length;
      if (size > FILE_LIMIT_BYTES) throw new Error('write error: No space left on device');
      held.push(chunk);
      heldBytes += chunk.length;
      if (size <= EAGER_BYTES || heldBytes >= PIECE_BYTES) await flush();
    },
    end: () => {},
    flush,
  };
}
