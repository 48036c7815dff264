import type { Readable } from 'node:stream';
import { StatusError } from '@krateyard/status/status-error';
import type { Connection } from './connection.ts';
import { fromNetworkError } from './network-error.ts';
import { TurnBytes } from './turn-bytes.ts';
import type { StreamRequest } from './watch-stream.ts';

/** Bytes as the contract of `Client.bytes` says. */
export async function openBytes(
  connection: Connection,
  request: StreamRequest,
): Promise<AsyncIterable<readonly Buffer[]>> {
  const { body } = await connection.stream(request, 'bytes');
  return read(body as Readable, connection, request.signal);
}

async function* read(
  body: Readable,
  { host, clock }: Connection,
  signal: AbortSignal,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  const turns = new TurnBytes(body, clock);
  try {
    for (;;) {
      const chunks = await turns.next();
      signal.throwIfAborted();
      if (chunks === undefined) return;
      yield chunks;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason as Error;
    throw error instanceof StatusError ? error : fromNetworkError(error, `https://${host}`);
  } finally {
    turns.close();
  }
}
