import type { LiveQuery } from '@krateyard/ui/live/live-source';
import { parseFilter } from '@krateyard/ui/page/filter';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { defaultSort } from '../contract/columns.ts';
import { at, textAt } from '../contract/columns/read.ts';
import { parseKindPath } from '../contract/kind-path.ts';
import { isEvents } from './events/event-subject.ts';
import type { ViewUrl } from './view-url.ts';

/** What the table of a view follows. `status:` and `node:` ask for cells of the columns of that name, which the server knows. */
export function queryOf(view: Pick<ViewUrl, 'kind' | 'namespaces' | 'filter'>): LiveQuery {
  const { text, labels, status, nodes } = parseFilter(view.filter);
  const where = {
    ...(status.length > 0 && { status }),
    ...(nodes.length > 0 && { node: nodes }),
  };
  return {
    kind: view.kind,
    namespaces: view.namespaces.toSorted(),
    ...(labels && { labelSelector: labels }),
    ...(text && { search: text }),
    ...(Object.keys(where).length > 0 && { where }),
    ...(isEvents(view.kind) && { merge: true as const }),
  };
}

/** What the side panel follows: one object by its key. */
export function objectQuery(kind: string, key: string): LiveQuery {
  const slash = key.indexOf('/');
  return {
    kind,
    namespaces: slash === -1 ? [] : [key.slice(0, slash)],
    fieldSelector: `metadata.name=${key.slice(slash + 1)}`,
  };
}

/** Of what a table of events shows, those that may say what this one says: `alikeKey` tells which do. */
export function alikeQuery(query: LiveQuery, event: LiveObject): LiveQuery {
  const { merge: _, ...rest } = query;
  const subject = at(event, 'regarding') === undefined ? 'involvedObject' : 'regarding';
  const terms = [
    [`${subject}.name`, textAt(event, subject, 'name')],
    ['reason', textAt(event, 'reason')],
  ].flatMap(([path, value]) => (value ? `${path}=${value.replaceAll(/[\\,=]/g, '\\$&')}` : []));
  return {
    ...rest,
    namespaces: event.metadata.namespace === undefined ? [] : [event.metadata.namespace],
    fieldSelector: [...(query.fieldSelector ? [query.fieldSelector] : []), ...terms].join(','),
  };
}

/** Known before the server has told of its kinds: links to these must not show an error first. */
const WELL_KNOWN_CLUSTER_SCOPED: ReadonlySet<string> = new Set(['namespaces', 'crds', 'v1/nodes']);

/** The view without namespaces where its kind is in none: those that were chosen are for the other kinds. */
export function scopedView(
  view: ViewUrl,
  kinds: readonly { readonly path: string; readonly namespaced: boolean }[],
): ViewUrl {
  const known = kinds.find(({ path }) => path === view.kind);
  const namespaced = known?.namespaced ?? !WELL_KNOWN_CLUSTER_SCOPED.has(view.kind);
  return namespaced || view.namespaces.length === 0 ? view : { ...view, namespaces: [] };
}

/** What a table is sorted by when its address does not say: what needs somebody first. */
export function usualSort(kindPath: string): string {
  const kind = parseKindPath(kindPath);
  return kind ? defaultSort(kind) : 'name';
}
