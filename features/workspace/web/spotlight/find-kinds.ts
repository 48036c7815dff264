import { navigate } from 'wouter/use-browser-location';
import { requestJson } from '@krateyard/ui/live/api-client';
import type { SpotlightEntry } from '@krateyard/ui/room';
import type { KindList, KindSummary } from '../../contract/resource-api.ts';
import { groupOf } from '../kind-groups.ts';
import { strings } from '../strings.ts';
import { formatView } from '../view-url.ts';
import { iconOfGroup } from './kind-icon.ts';

/** Kinds come and go with CRDs, seldom: so long the list is taken for true. */
const KEPT_MS = 20_000;
let kept: { readonly at: number; readonly kinds: Promise<readonly KindSummary[]> } | undefined;

/** The kinds that this person may list, as ways to their tables; the console ranks them by name. */
export async function findKinds(): Promise<readonly SpotlightEntry[]> {
  if (!kept || Date.now() - kept.at > KEPT_MS) {
    const kinds = requestJson<KindList>('/api/resources').then(({ items }) => items);
    kept = { at: Date.now(), kinds };
    kinds.catch(() => (kept = undefined));
  }
  return (await kept.kinds).map(entryOf);
}

function entryOf(kind: KindSummary): SpotlightEntry {
  const path = formatView({ kind: kind.path });
  return {
    id: `kind ${kind.path}`,
    title: kind.kind,
    hint: kind.group === '' ? kind.resource : `${kind.resource} · ${kind.group}`,
    also: [kind.resource, kind.singular, ...kind.shortNames],
    icon: iconOfGroup(groupOf(kind)),
    group: strings.spotlightKinds,
    path,
    run: () => navigate(path),
  };
}
