import { useCallback } from 'react';
import { parseGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KindSummary } from '../../contract/resource-api.ts';
import { useKinds } from '../use-kinds.ts';

/** From `apps/v1`, `Deployment` to the kind as paths know it; undefined for what this person may not list. */
export function useKindPaths(): (apiVersion: string, kind: string) => KindSummary | undefined {
  const kinds = useKinds(true);
  return useCallback(
    (apiVersion, kind) => {
      const { group } = parseGroupVersion(apiVersion);
      return kinds.find((one) => one.kind === kind && one.group === group);
    },
    [kinds],
  );
}
