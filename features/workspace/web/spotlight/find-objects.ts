import { navigate } from 'wouter/use-browser-location';
import { requestJson } from '@krateyard/ui/live/api-client';
import type { SpotlightEntry } from '@krateyard/ui/room';
import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';
import type { KindRef } from '../../contract/resource-api.ts';
import type { SearchHit, SearchResult } from '../../contract/search-api.ts';
import { groupOf } from '../kind-groups.ts';
import { objectHref } from '@krateyard/ui/page/object-href';
import { strings } from '../strings.ts';
import { actionsOn } from './object-entry-actions.ts';
import { iconOfGroup } from './kind-icon.ts';

/** Shorter than between two letters of most people. */
const TYPING_MS = 80;
/** While a first list is on the way the gateway is asked again, ever less often, for about half a minute. */
const AGAIN_MS = 400;
const SLOWEST_MS = 2_000;
const MOST_ASKED = 20;

/** Objects by name, from `/api/search`. Kinds that the gateway has to fetch first come in while one waits. */
export async function findObjects(
  text: string,
  limit: number,
  signal: AbortSignal,
  sofar: (entries: readonly SpotlightEntry[]) => void,
): Promise<readonly SpotlightEntry[]> {
  // Whoever types on asks for something else: a question for every letter would only be in the way of the last one.
  if (text !== '') await pause(TYPING_MS, signal);
  const query = new URLSearchParams({ q: text, limit: String(limit) });
  for (let asked = 1; ; asked += 1) {
    const result = await requestJson<SearchResult>(`/api/search?${query.toString()}`, { signal });
    const entries = entriesOf(result);
    // With nothing typed the question only wakes the gateway's indices.
    if (result.pending.length === 0 || asked >= MOST_ASKED || text === '') return entries;
    sofar(entries);
    await pause(Math.min(SLOWEST_MS, AGAIN_MS * 1.25 ** asked), signal);
  }
}

function entriesOf({ items, kinds }: SearchResult): readonly SpotlightEntry[] {
  const byPath = new Map(kinds.map((kind) => [kind.path, kind]));
  return items.flatMap((hit) => {
    const kind = byPath.get(hit.kind);
    return kind ? [entryOf(hit, kind)] : [];
  });
}

function entryOf(hit: SearchHit, kind: KindRef): SpotlightEntry {
  const path = objectHref(kind.path, hit.namespace, hit.name);
  return {
    id: `${kind.path} ${hit.key}`,
    title: hit.name,
    hint: hit.namespace === undefined ? kind.kind : `${kind.kind} · ${hit.namespace}`,
    icon: iconOfGroup(groupOf(kind)),
    group: strings.spotlightObjects,
    rank: hit.rank,
    ...(hit.status && { status: { word: hit.status.word as StatusWord, text: hit.status.text } }),
    path,
    run: () => navigate(path),
    actions: (signal) => actionsOn(kind, hit, signal),
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
