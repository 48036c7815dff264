import { useEffect, useState } from 'react';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { readCast, type Cast } from '@krateyard/terminals/recordings/cast';
import type { RecordingSummary } from '@krateyard/terminals/recordings/recording-summary';
import { recordingSummary, recordingText } from './recordings-api.ts';

export type LoadedRecording =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly summary: RecordingSummary; readonly cast: Cast }
  | { readonly state: 'broken' }
  | { readonly state: 'failed'; readonly status: LiveStatus };

/** A recording with its cast; read once. */
export function useRecording(id: string): LoadedRecording {
  const [found, setFound] = useState<LoadedRecording>({ state: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    void load(id, stop.signal).then((loaded) => {
      if (!stop.signal.aborted) setFound(loaded);
    });
    return () => stop.abort();
  }, [id]);
  return found;
}

async function load(id: string, signal: AbortSignal): Promise<LoadedRecording> {
  try {
    const summary = await recordingSummary(id, signal);
    const text = await recordingText(id, signal);
    return { state: 'ready', summary, cast: readCast(text) };
  } catch (error) {
    return error instanceof SyntaxError ? { state: 'broken' } : { state: 'failed', status: statusOf(error) };
  }
}
