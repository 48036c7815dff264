import { join } from 'node:path';
import { FolderRecordingStore } from '@krateyard/terminals/recordings/folder-recording-store';
import type { RecordingStore } from '@krateyard/terminals/recordings/recording-store';
import { Recordings } from '@krateyard/terminals/recordings/recordings';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import type { Metrics } from '@krateyard/telemetry/metrics';
import type { Config } from './config-schema.ts';

const DAY_MS = 24 * 60 * 60_000;

interface Around {
  readonly stateDir: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Recordings live in the state folder unless another is named; without either nothing is recorded. */
export function createRecordings(
  config: Config,
  { stateDir, clock, logger, metrics }: Around,
): { readonly recordings: Recordings; readonly store: RecordingStore } | undefined {
  const dir = config.recordingsDir ?? (stateDir && join(stateDir, 'recordings'));
  if (!dir) return undefined;
  const store = new FolderRecordingStore({
    dir,
    totalBytes: config.recordingsMaxBytes,
    maxAgeMs: config.recordingMaxAgeDays * DAY_MS,
    clock,
    logger,
  });
  const recordings = new Recordings({
    store,
    maxBytes: config.recordingMaxBytes,
    namespaces: config.recordNamespaces,
    clock,
    logger,
    metrics,
  });
  return { recordings, store };
}
