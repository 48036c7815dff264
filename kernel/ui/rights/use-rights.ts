import { useEffect, useReducer, useSyncExternalStore } from 'react';
import { requestJson } from '../live/api-client.ts';
import { useLiveSource } from '../live/live-context.ts';
import type { LiveSource } from '../live/live-source.ts';
import type { AccessAnswers, AccessCheck, NeededRight } from './access-check.ts';
import { RightsBook, type Right } from './rights-book.ts';

/** One for the page. */
const book = new RightsBook({
  ask: (checks) =>
    requestJson<AccessAnswers>('/api/access', { method: 'POST', body: { checks: [...checks] } }),
  now: () => Date.now(),
  soon: (run) => queueMicrotask(run),
});

/** A person who pressed a key waits no longer: then the API server says it. */
const ASK_MS = 1_500;
/** How often what is on screen is looked at again. */
const REFRESH_MS = 21_000;

/** What this person may, for each of the needs; asked in one batch, kept briefly, asked anew while shown. */
export function useRights(needs: readonly NeededRight[]): readonly Right[] {
  const source = useLiveSource();
  useSyncExternalStore(book.subscribe, book.version);
  useEffect(() => belongTo(source), [source]);
  const [, again] = useReducer((count: number) => count + 1, 0);
  const some = needs.length > 0;
  useEffect(() => {
    if (!some) return undefined;
    const timer = setInterval(again, REFRESH_MS);
    return () => clearInterval(timer);
  }, [some]);
  return needs.map((need) => book.right(checkOf(need)));
}

/** The same once, outside of components; what cannot be found out in time stays unknown. */
export const askRights = (needs: readonly NeededRight[]): Promise<readonly Right[]> =>
  book.asked(needs.map(checkOf), ASK_MS);

let owner: LiveSource | undefined;

/** Whoever signs in gets a live source of their own: what was known of somebody else's rights goes. */
function belongTo(source: LiveSource): void {
  if (owner !== undefined && owner !== source) book.forget();
  owner = source;
}

function checkOf({ verb, group, resource, subresource, namespace, name }: NeededRight): AccessCheck {
  return {
    verb,
    group,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && namespace !== '' && { namespace }),
    ...(name !== undefined && { name }),
  };
}
