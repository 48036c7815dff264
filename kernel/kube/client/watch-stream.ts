import { StatusError, fromStatusBody } from '@krateyard/status/status-error';
import type { KubeObject, WatchEvent } from '../meta/object.ts';
import type { WatchOptions } from './client.ts';
import type { Connection, WireRequest } from './connection.ts';
import { fromNetworkError } from './network-error.ts';
import { omitManagedFields } from './omit-managed-fields.ts';
import { LineCutter } from './watch-lines.ts';
import { jsonOrUndefined } from './json-or-undefined.ts';

/** Etcd refuses objects above some 1.5 MB; what the API server adds is small against this. */
const MAX_EVENT_BYTES = 16 << 20;

export type StreamRequest = WireRequest & { readonly signal: AbortSignal };

/** The events of one watch, as the contract of `Watcher` says. */
export async function* watchEvents<T extends KubeObject>(
  connection: Connection,
  request: StreamRequest,
  options: Pick<WatchOptions, 'omitManagedFields' | 'onOpen'> = {},
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  for await (const lines of watchLines(connection, request, options.onOpen)) {
    for (const line of lines) yield parseEvent<T>(options.omitManagedFields ? omitManagedFields(line) : line);
  }
}

/** The lines that each read of the socket completes. */
async function* watchLines(
  connection: Connection,
  request: StreamRequest,
  onOpen?: () => void,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  const { body } = await connection.stream(request);
  onOpen?.();
  const cutter = new LineCutter(MAX_EVENT_BYTES);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const lines = cutter.push(chunk);
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason as Error;
    throw error instanceof StatusError ? error : fromNetworkError(error, `https://${connection.host}`);
  } finally {
    body.destroy();
  }
  if (cutter.pendingBytes > 0) {
    throw new StatusError(
      'ServiceUnavailable',
      `The API server at ${connection.host} ended a watch in the middle of an event.`,
    );
  }
}

/** One event. Throws StatusError for an ERROR event and for what is no event. */
function parseEvent<T extends KubeObject>(line: Buffer): WatchEvent<T> {
  const event = jsonOrUndefined(line) as WatchEvent<T> | undefined;
  if (typeof event?.type !== 'string' || typeof event.object !== 'object' || event.object === null) {
    throw new StatusError('InternalError', 'The API server sent a watch event that cannot be read.');
  }
  if (event.type === 'ERROR') throw fromStatusBody(codeOf(event.object), event.object);
  if (typeof event.object.metadata !== 'object') {
    throw new StatusError('InternalError', 'The API server sent a watch event without metadata.');
  }
  return event;
}

function codeOf(status: KubeObject): number {
  const code = status['code'];
  return typeof code === 'number' ? code : 500;
}
