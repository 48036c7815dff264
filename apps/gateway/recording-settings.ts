import { join } from 'node:path';
import type { WorkspaceDeps } from '@krateyard/workspace/server/feature';
import type { Config } from './config-schema.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Recordings live in the state folder unless another is named; without either nothing is recorded. */
export function recordingSettings(
  config: Config,
  stateDir: string | undefined,
): Pick<WorkspaceDeps, 'recordings'> {
  const dir = config.recordingsDir ?? (stateDir && join(stateDir, 'recordings'));
  if (!dir) return {};
  return {
    recordings: {
      dir,
      maxBytes: config.recordingMaxBytes,
      totalBytes: config.recordingsMaxBytes,
      maxAgeMs: config.recordingMaxAgeDays * DAY_MS,
      namespaces: config.recordNamespaces,
    },
  };
}
