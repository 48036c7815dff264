import type { ContainerLog, LogLine } from '../container-log.ts';
import type { LogOptions } from '../pod-runtime.ts';

const CHUNK_BYTES = 32 * 1024;

/** The bytes that `pods/log` answers with. Ends at the end of what there is or, with `follow`, when the log closes. */
export async function* readLog(
  log: ContainerLog,
  options: Omit<LogOptions, 'container' | 'previous'>,
  now: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = startIndex(log, options, now);
  const begin = at;
  let budget = options.limitBytes ?? Number.POSITIVE_INFINITY;
  while (!signal.aborted && budget > 0) {
    at = Math.max(at, log.oldest());
    const { bytes, next } = chunk(log, { begin, at }, options.timestamps);
    at = next;
    if (bytes.length > 0) {
      yield bytes.subarray(0, Math.min(bytes.length, budget));
      budget -= bytes.length;
      continue;
    }
    if (!options.follow || log.closed) return;
    await more(log, signal);
  }
}

/** The log's time as the kubelet writes it: nanoseconds without trailing zeros, at least none. */
function logTime(at: number): string {
  const whole = Math.floor(at / 1000);
  const nanos = String(Math.floor((at - whole * 1000) * 1_000_000)).padStart(9, '0');
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${nanos}Z`;
}

/** The API server hands `sinceTime` on in whole seconds. */
function startIndex(
  log: ContainerLog,
  { tailLines, sinceSeconds, sinceTime }: Pick<LogOptions, 'tailLines' | 'sinceSeconds' | 'sinceTime'>,
  now: number,
): number {
  const end = log.end();
  let from = log.first();
  const since =
    sinceTime !== undefined
      ? Math.floor(Date.parse(sinceTime) / 1000) * 1000
      : sinceSeconds !== undefined
        ? now - sinceSeconds * 1000
        : undefined;
  if (since !== undefined) from = firstAfter(log, from, end, since);
  return tailLines === undefined ? from : Math.max(from, end - tailLines);
}

/** Lines are in the order of their times: halve until found. */
function firstAfter(log: ContainerLog, first: number, end: number, since: number): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (log.line(middle).at < since) low = middle + 1;
    else high = middle;
  }
  return low;
}

function chunk(
  log: ContainerLog,
  from: { readonly begin: number; readonly at: number },
  timestamps: boolean,
): { bytes: Buffer; next: number } {
  const end = log.end();
  let text = '';
  let { at } = from;
  // Records of one long line are joined; only the first one's time is told.
  let goesOn = at > from.begin && at > log.oldest() && (log.line(at - 1).partial ?? false);
  for (; at < end && text.length < CHUNK_BYTES; at++) {
    const line = log.line(at);
    text += written(line, timestamps && !goesOn);
    goesOn = line.partial ?? false;
  }
  return { bytes: Buffer.from(text, 'utf8'), next: at };
}

function written(line: LogLine, timestamps: boolean): string {
  return `${timestamps ? `${logTime(line.at)} ` : ''}${line.text}${line.partial ? '' : '\n'}`;
}

function more(log: ContainerLog, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = log.whenMore(done);
    signal.addEventListener('abort', done, { once: true });
  });
}
