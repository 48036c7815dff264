import { StatusError } from '@krateyard/status/status-error';
import type { Connection } from './connection.ts';
import { fromNetworkError } from './network-error.ts';
import type { StreamRequest } from './watch-stream.ts';

/** Bytes as the contract of `Client.bytes` says. */
export async function openBytes(
  connection: Connection,
  request: StreamRequest,
): Promise<AsyncIterable<Buffer>> {
  const { body } = await connection.stream(request, 'bytes');
  return read(body as AsyncIterable<Buffer> & { destroy(): void }, connection.host, request.signal);
}

async function* read(
  body: AsyncIterable<Buffer> & { destroy(): void },
  host: string,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    if (signal.aborted) throw signal.reason as Error;
    throw error instanceof StatusError ? error : fromNetworkError(error, `https://${host}`);
  } finally {
    body.destroy();
  }
}
