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
): Promise<AsyncIterable<Buffer>> {
  const { body } = await connection.stream(request, 'bytes');
  return read(body as Readable, connection.host, request.signal);
}

async function* read(
  body: Readable,
  host: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const turns = new TurnBytes(body);
  try {
    for (;;) {
      const bytes = await turns.next();
      signal.throwIfAborted();
      if (bytes === undefined) return;
      yield bytes;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason as Error;
    throw error instanceof StatusError ? error : fromNetworkError(error, `https://${host}`);
  } finally {
    turns.close();
  }
}
