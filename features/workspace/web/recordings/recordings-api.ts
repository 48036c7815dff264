import { ApiError, requestJson } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { RecordingSummary } from '@krateyard/terminals/recordings/recording-summary';

export const RECORDINGS_PATH = '/recordings';

const at = (id: string): string => `/api/recordings/${encodeURIComponent(id)}`;

export const castHref = at;

export async function recordingSummary(id: string, signal: AbortSignal): Promise<RecordingSummary> {
  return requestJson<RecordingSummary>(`${at(id)}/summary`, { signal });
}

/** The cast as text. Rejects with ApiError. */
export async function recordingText(id: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(at(id), { signal });
  if (response.ok) return response.text();
  const status = (await response.json().catch(() => undefined)) as LiveStatus | undefined;
  throw new ApiError(
    status ?? {
      message: `The gateway answered ${response.status}.`,
      reason: 'InternalError',
      code: response.status,
    },
  );
}

export async function removeRecording(id: string): Promise<void> {
  await requestJson(at(id), { method: 'DELETE' });
}
