import type { Client } from '../client/client.ts';
import { resourcePath } from '../meta/group-version.ts';
import { joinBlocks } from './joined-lines.ts';
import type { LineBlock } from './line-block.ts';
import { LogLines } from './log-lines.ts';

/** One container's log, as `pods/log` names it. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface LogStreamOptions {
  readonly follow: boolean;
  /** Of the run before the present one. */
  readonly previous?: boolean;
  /** The last so many records of the log's file. */
  readonly tail?: number | undefined;
  /** Lines of this second and later ones: the API server cuts it to the second, the kubelet compares each line. */
  readonly sinceSecond?: string | undefined;
  readonly signal: AbortSignal;
}

const PODS = { group: '', version: 'v1', resource: 'pods' };

/**
 * Opens a log; the promise settles when the API server has answered, with its StatusError where it refuses. Each step of the
 * iteration gives lines that came together; a consumer that is slow holds the kubelet back. It ends where the server
 * ends it, fails with StatusError where the connection breaks, and with the signal's reason when that aborts.
 */
export async function openLog(
  client: Client,
  place: LogPlace,
  options: LogStreamOptions,
): Promise<AsyncIterable<LineBlock>> {
  const { signal } = options;
  const bytes = await client.bytes({ path: logPath(place, options), resource: 'v1/pods/log', signal });
  return linesOf(bytes);
}

async function* linesOf(bytes: AsyncIterable<readonly Buffer[]>): AsyncGenerator<LineBlock, void, undefined> {
  const cutter = new LogLines();
  for await (const chunks of bytes) {
    for (const block of joinBlocks(chunks.flatMap((chunk) => cutter.push(chunk)))) yield block;
  }
  yield* cutter.end();
}

function logPath({ namespace, pod, container }: LogPlace, options: LogStreamOptions): string {
  const query = new URLSearchParams({ container, timestamps: 'true' });
  if (options.follow) query.set('follow', 'true');
  if (options.previous) query.set('previous', 'true');
  if (options.tail !== undefined) query.set('tailLines', String(options.tail));
  if (options.sinceSecond !== undefined) query.set('sinceTime', options.sinceSecond);
  return `${resourcePath(PODS, { namespace, name: pod, subresource: 'log' })}?${query.toString()}`;
}
