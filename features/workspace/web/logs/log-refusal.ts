import { ApiError } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';

/** What an answer that is no success says. */
export async function errorOf(response: Response): Promise<Error> {
  const body = (await response.json().catch(() => undefined)) as LiveStatus | undefined;
  if (typeof body?.message === 'string') return new ApiError(body);
  return new Error(`The gateway answered ${response.status}.`);
}
