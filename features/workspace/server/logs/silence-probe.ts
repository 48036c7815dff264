import type { Client } from '@krateyard/kube/client/client';
import { openLog, type LogPlace } from '@krateyard/kube/stream/log-stream';
import type { Clock } from '@krateyard/telemetry/clock';

/** How often a quiet stream is looked after: after this, then at twice as long and so on up to the last. */
const FIRST_MS = 20_000;
const LONGEST_MS = 120_000;
/** What the container wrote may be on its way: it has this long to come. */
const ARRIVAL_MS = 2_000;
const PROBE_DEADLINE_MS = 10_000;
/** Probes of one gateway at once; beyond it the quiet streams wait for their next turn. */
const MAX_PROBES = 8;

let probing = 0;

export interface Watched {
  readonly client: () => Client;
  readonly clock: Clock;
  readonly place: LogPlace;
  /** The time of the last line that came. */
  readonly lastAt: () => string | undefined;
  /** The consumer is slow: silence is ours. */
  readonly isHeld: () => boolean;
}

/**
 * Watches a followed log that is silent: asks for its last line now and then, and calls `onDeaf` once when the container has
 * written something that did not come. Between looks the time doubles, with jitter, and starts anew with every line. The
 * disposer ends it.
 */
export function watchSilence(watched: Watched, onDeaf: () => void): () => void {
  const { clock } = watched;
  const stop = new AbortController();
  let waitMs = FIRST_MS;
  let seen = watched.lastAt();
  let cancel = (): void => {};
  const look = async (): Promise<void> => {
    const now = watched.lastAt();
    const quiet = now === seen && !watched.isHeld();
    seen = now;
    waitMs = quiet ? Math.min(LONGEST_MS, waitMs * 2) : FIRST_MS;
    if (quiet && probing < MAX_PROBES && (await isDeaf(watched, stop.signal))) {
      if (!stop.signal.aborted) onDeaf();
      return;
    }
    if (!stop.signal.aborted) next();
  };
  const next = (): void => {
    cancel = clock.after(waitMs * (0.75 + clock.random() / 2), () => void look());
  };
  next();
  return () => {
    cancel();
    stop.abort();
  };
}

async function isDeaf(watched: Watched, signal: AbortSignal): Promise<boolean> {
  probing += 1;
  try {
    const written = await lastLine(watched, signal);
    const known = watched.lastAt();
    if (written === undefined || (known !== undefined && written <= known)) return false;
    await watched.clock.sleep(ARRIVAL_MS, signal);
    const come = watched.lastAt();
    return !watched.isHeld() && (come === undefined || come < written);
  } catch {
    // It cannot be told now; a stream that breaks is noticed by itself.
    return false;
  } finally {
    probing -= 1;
  }
}

async function lastLine({ client, clock, place }: Watched, signal: AbortSignal): Promise<string | undefined> {
  const stop = new AbortController();
  const cancel = clock.after(PROBE_DEADLINE_MS, () => stop.abort());
  const end = (): void => stop.abort();
  signal.addEventListener('abort', end, { once: true });
  try {
    let last: string | undefined;
    const stream = await openLog(client(), place, { follow: false, tail: 1, signal: stop.signal });
    for await (const block of stream) last = block.lines().findLast(({ at }) => at !== '')?.at ?? last;
    return last;
  } finally {
    cancel();
    signal.removeEventListener('abort', end);
    stop.abort();
  }
}
