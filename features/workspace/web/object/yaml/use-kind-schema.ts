import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';
import type { KindSchema } from '../../../contract/kind-schema.ts';

/** Schemas that were asked for in this tab; the newest are kept. A kind without one is asked for again. */
const known = new Map<string, KindSchema>();
const KEPT = 12;

/** The schema of a kind; undefined until it is there, and for good where the API server tells none. */
export function useKindSchema(kindPath: string | undefined): KindSchema | undefined {
  const [schema, setSchema] = useState<{ readonly path: string; readonly schema: KindSchema }>();
  useEffect(() => {
    if (kindPath === undefined) return undefined;
    const stop = new AbortController();
    requestJson<KindSchema>(`/api/schema?kind=${encodeURIComponent(kindPath)}`, { signal: stop.signal })
      .then((found) => {
        known.delete(kindPath);
        known.set(kindPath, found);
        const oldest = known.keys().next();
        if (known.size > KEPT && !oldest.done) known.delete(oldest.value);
        setSchema({ path: kindPath, schema: found });
      })
      .catch(() => {
        // Without a schema one can edit all the same: nothing is completed.
      });
    return () => stop.abort();
  }, [kindPath]);
  if (kindPath === undefined) return undefined;
  return schema?.path === kindPath ? schema.schema : known.get(kindPath);
}
