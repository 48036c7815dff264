import type { WebSocket } from 'ws';
import { within } from './poll-until.ts';
import type { Wire } from './wire.ts';

/** An upgrade that the server refused: with what. */
export class RefusedUpgrade extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The Status; a text where the answer is no JSON. */
  readonly body: Wire;

  constructor(
    response: Pick<RefusedUpgrade, 'headers'> & { readonly statusCode?: number | undefined },
    text: string,
  ) {
    super(`upgrade refused: ${response.statusCode} ${text}`);
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.body = text.startsWith('{') ? JSON.parse(text) : text;
  }
}

/** Resolves when the socket is open; rejects with RefusedUpgrade when the answer is no 101, and the socket is gone then. */
export async function whenOpen(socket: WebSocket, what: string, deadlineMs = 40_000): Promise<void> {
  const open = Promise.withResolvers<void>();
  socket.on('open', open.resolve);
  socket.on('error', open.reject);
  socket.on('unexpected-response', (_request, response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('end', () => open.reject(new RefusedUpgrade(response, Buffer.concat(parts).toString())));
  });
  try {
    await within(`opening ${what}`, deadlineMs, open.promise);
  } catch (error) {
    socket.terminate();
    throw error;
  }
}
