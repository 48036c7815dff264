import { toast } from '@krateyard/ui/parts/toasts';
import type { LogServerFrame } from '../../contract/log-protocol.ts';
import { MOST_LINES, stretchOf, type LogAddress } from './log-address.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogFeed } from './log-feed.ts';
import { LogFrameReader } from './log-frame-reader.ts';
import { logStrings } from './log-strings.ts';
import { errorOf } from './log-refusal.ts';

const DEADLINE_MS = 60_000;

/** Puts the lines that were skipped where the gap stands. What fails is told, and the gap stays. */
export async function fetchGap(feed: LogFeed, address: LogAddress, seq: number): Promise<void> {
  const gap = feed.buffer.at(seq)?.entry;
  if (gap?.type !== 'gap') return;
  const query = stretchOf(address, {
    from: gap.from,
    to: gap.to ?? new Date().toISOString(),
    ...gap.source,
  });
  query.set('format', 'ndjson');
  query.set('batch', 'true');
  query.set('tail', String(MOST_LINES));
  try {
    const lines = await readLines(query);
    feed.fill(seq, lines);
  } catch (error) {
    toast('warn', logStrings.fetchFailed(error instanceof Error ? error.message : String(error)));
  }
}

/** The lines of an answer of `GET /api/logs`, by time. */
async function readLines(query: URLSearchParams): Promise<readonly LogEntry[]> {
  const response = await fetch(`/api/logs?${query}`, { signal: AbortSignal.timeout(DEADLINE_MS) });
  if (!response.ok) throw await errorOf(response);
  const reader = new LogFrameReader();
  const frames = (await response.text()).split('\n').filter((row) => row !== '');
  return frames
    .flatMap((row) => reader.read(JSON.parse(row) as LogServerFrame))
    .filter((entry) => entry.type === 'line')
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
