import { parseGroupVersion } from '@krateyard/kube/meta/group-version';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { objectHref } from '@krateyard/ui/page/object-href';
import { at, textAt } from '../../contract/columns/read.ts';
import type { KindSummary } from '../../contract/resource-api.ts';

/** Where the page of what an event is about is; undefined where it names nothing, or a kind that this person may not list. */
export function subjectHref(event: LiveObject, kinds: readonly KindSummary[]): string | undefined {
  const about = at(event, 'involvedObject') ?? at(event, 'regarding');
  const name = textAt(about, 'name');
  if (!name) return undefined;
  const { group } = parseGroupVersion(textAt(about, 'apiVersion') ?? '');
  const known = kinds.find((one) => one.kind === textAt(about, 'kind') && one.group === group);
  if (!known) return undefined;
  return objectHref(
    known.path,
    known.namespaced ? (textAt(about, 'namespace') ?? undefined) : undefined,
    name,
  );
}

/** Events by the path of their kind: of the old group and of the new one. */
export const isEvents = (kindPath: string): boolean =>
  kindPath === 'events' || kindPath === 'v1/events' || kindPath === 'events.k8s.io/v1/events';
