import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A heap of some hundred megabytes is collected in a second or two. */
const ANSWER_MS = 60_000;

/** What a process holds after garbage has been collected. */
export interface HeldMemory {
  /** JavaScript's heap and what hangs on it outside: buffers above all. */
  readonly heldBytes: number;
  readonly rssBytes: number;
}

/** Asks a Node process that was started with `--inspect`, at the address that it has printed, what it holds. */
export async function heldMemory(inspector: string): Promise<HeldMemory> {
  const socket = new WebSocket(inspector, { perMessageDeflate: false, handshakeTimeout: ANSWER_MS });
  await once(socket, 'open');
  try {
    // Twice: what the first has freed may have held buffers.
    for (const id of [1, 2]) await ask(socket, id, 'HeapProfiler.collectGarbage', {});
    const { value } = await ask(socket, 3, 'Runtime.evaluate', {
      expression: 'process.memoryUsage()',
      returnByValue: true,
    });
    const { heapUsed, external, rss } = value as NodeJS.MemoryUsage;
    return { heldBytes: heapUsed + external, rssBytes: rss };
  } finally {
    socket.terminate();
  }
}

interface Result {
  readonly value?: unknown;
}

async function ask(socket: WebSocket, id: number, method: string, params: object): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const hear = (bytes: Buffer): void => {
    const answer = JSON.parse(String(bytes)) as { id?: number; result?: { result?: Result } };
    if (answer.id === id) resolve(answer.result?.result ?? {});
  };
  const give = (why: string) => (): void => reject(new Error(`${method}: ${why}`));
  const gone = give('the process has closed its inspector');
  const late = setTimeout(give(`no answer for ${ANSWER_MS} ms`), ANSWER_MS);
  socket.on('message', hear).once('close', gone);
  socket.send(JSON.stringify({ id, method, params }));
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    socket.off('message', hear).off('close', gone);
  }
}
