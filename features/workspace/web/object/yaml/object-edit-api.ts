import { requestJson } from '@krateyard/ui/live/api-client';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { Written } from '../../../contract/resource-api.ts';
import type { EditApi } from './edit-outcome.ts';

/** One object of the gateway's API. */
export function objectEditApi(kindPath: string, namespace: string | undefined, name: string): EditApi {
  const at = `/api/resource/${kindPath}/${encodeURIComponent(name)}`;
  const query = (more: Record<string, string>): string =>
    `?${new URLSearchParams({ ...(namespace !== undefined && { ns: namespace }), ...more })}`;
  return {
    read: () => requestJson<LiveObject>(`${at}${query({ managed: 'true' })}`),
    patch: (patch, dryRun) =>
      requestJson<Written>(`${at}${query(dryRun ? { dryRun: 'true' } : {})}`, {
        method: 'PATCH',
        body: patch,
        contentType: 'application/merge-patch+json',
      }),
  };
}
