import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What a process holds after garbage has been collected. */
export interface HeldMemory {
  /** JavaScript's heap and what hangs on it outside: buffers above all. */
  readonly heldBytes: number;
  readonly rssBytes: number;
}

/** Asks a Node process that was started with `--inspect`, at the address that it has printed, what it holds. */
export async function heldMemory(inspector: string): Promise<HeldMemory> {
  const socket = new WebSocket(inspector, { perMessageDeflate: false });
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

async function ask(
  socket: WebSocket,
  id: number,
  method: string,
  params: object,
): Promise<{ readonly value?: unknown }> {
  socket.send(JSON.stringify({ id, method, params }));
  for (;;) {
    const [bytes] = (await once(socket, 'message')) as [Buffer];
    const answer = JSON.parse(String(bytes)) as { id?: number; result?: { result?: { value?: unknown } } };
    if (answer.id === id) return answer.result?.result ?? {};
  }
}
