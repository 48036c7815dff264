import type { CacheChange } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { formatKindPath } from '../../contract/kind-path.ts';
import { at, conditionStatus, dateAt, listAt, numberAt, textAt } from '../../contract/columns/read.ts';
import type { FeedEntry } from '../../contract/overview.ts';
import type { FeedItem } from './change-feed.ts';
import { short } from './finding.ts';
import type { OverviewKind } from './overview-kinds.ts';

/** How far back what was created counts as a recent change. */
const RECENT_MS = 60 * 60_000;

/** What the feed says of a change; nothing for most of them: a status that moves on is no news. */
export function noticeChange(kind: OverviewKind, change: CacheChange, now: number): readonly FeedItem[] {
  if (kind.name === 'events') return change.type === 'deleted' ? [] : [eventItem(change.key, change.object)];
  if (kind.name === 'quotas' || kind.name === 'certificates') return [];
  // What a controller makes and takes away stands for the controller's own change, which its Events tell.
  if (listAt(change.object, 'metadata', 'ownerReferences').some((one) => at(one, 'controller') === true))
    return [];
  return notes(kind, change, now).map(({ reason, message, time, type }) => {
    const { namespace, name = '', uid = '' } = change.object.metadata;
    const entry: FeedEntry = {
      at: time,
      source: 'watch',
      type: type ?? 'Normal',
      reason,
      message,
      count: 1,
      kind: kind.path,
      kindName: kind.kindName,
      ...(namespace !== undefined && { namespace }),
      name,
    };
    return { id: `${uid}/${reason}/${reason === 'Created' ? '' : time}`, seenWith: kind.name, entry };
  });
}

interface Note {
  readonly reason: string;
  readonly message: string;
  readonly time: number;
  readonly type?: 'Warning';
}

function notes(kind: OverviewKind, change: CacheChange, now: number): readonly Note[] {
  const { object } = change;
  switch (change.type) {
    case 'added': {
      const time = dateAt(object, 'metadata', 'creationTimestamp');
      return time === null || now - time > RECENT_MS ? [] : [{ reason: 'Created', message: '', time }];
    }
    case 'deleted':
      return [{ reason: 'Deleted', message: '', time: now }];
    case 'modified':
      return kind.name === 'nodes'
        ? nodeNotes(object, change.old, now)
        : workloadNotes(kind, object, change.old, now);
  }
}

function nodeNotes(node: KubeObject, old: KubeObject, time: number): readonly Note[] {
  const found: Note[] = [];
  const ready = conditionStatus(node, 'Ready') === 'True';
  if (ready !== (conditionStatus(old, 'Ready') === 'True')) {
    found.push(
      ready
        ? { reason: 'Ready', message: '', time }
        : { reason: 'NotReady', message: '', time, type: 'Warning' },
    );
  }
  const cordoned = at(node, 'spec', 'unschedulable') === true;
  if (cordoned !== (at(old, 'spec', 'unschedulable') === true)) {
    found.push({ reason: cordoned ? 'Cordoned' : 'Uncordoned', message: '', time });
  }
  return found;
}

const REVISION = 'deployment.kubernetes.io/revision';

function workloadNotes(
  kind: OverviewKind,
  object: KubeObject,
  old: KubeObject,
  time: number,
): readonly Note[] {
  const found: Note[] = [];
  const template = (one: KubeObject): unknown => at(one, 'spec', 'template');
  if (template(object) !== undefined && kind.name !== 'jobs' && template(object) !== template(old)) {
    found.push({ reason: 'RolledOut', message: short(imagesOf(object)), time });
  }
  const before = numberAt(old, 'spec', 'replicas');
  const after = numberAt(object, 'spec', 'replicas');
  if (before !== null && after !== null && before !== after) {
    found.push({ reason: 'Scaled', message: `${before} → ${after}`, time });
  }
  return found;
}

function imagesOf(object: KubeObject): string {
  const revision = textAt(object, 'metadata', 'annotations', REVISION);
  const images = listAt(object, 'spec', 'template', 'spec', 'containers').map(
    (one) => textAt(one, 'image') ?? '',
  );
  return `${images.join(', ')}${revision === null ? '' : ` (after revision ${revision})`}`;
}

function eventItem(key: string, event: KubeObject): FeedItem {
  const about = at(event, 'involvedObject') ?? at(event, 'regarding');
  const time =
    dateAt(event, 'series', 'lastObservedTime') ??
    dateAt(event, 'lastTimestamp') ??
    dateAt(event, 'eventTime') ??
    dateAt(event, 'metadata', 'creationTimestamp') ??
    0;
  const namespace = textAt(about, 'namespace') ?? undefined;
  const path = pathOf(textAt(about, 'apiVersion') ?? 'v1', textAt(about, 'kind') ?? '');
  const entry: FeedEntry = {
    at: time,
    source: 'event',
    type: textAt(event, 'type') === 'Warning' ? 'Warning' : 'Normal',
    reason: textAt(event, 'reason') ?? '',
    message: short(textAt(event, 'message') ?? textAt(event, 'note') ?? ''),
    count: numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1,
    ...(path !== undefined && { kind: path }),
    kindName: textAt(about, 'kind') ?? '',
    // Of what is in no namespace the Events are in `default`; who may read them there may read these.
    namespace: event.metadata.namespace ?? namespace ?? '',
    name: textAt(about, 'name') ?? '',
  };
  return { id: `event/${key}`, seenWith: 'events', entry };
}

/** Kinds whose plural is not the name with an s. */
const PLURALS: Readonly<Record<string, string>> = {
  Ingress: 'ingresses',
  NetworkPolicy: 'networkpolicies',
  StorageClass: 'storageclasses',
  PriorityClass: 'priorityclasses',
  IngressClass: 'ingressclasses',
  RuntimeClass: 'runtimeclasses',
  Endpoints: 'endpoints',
};

/** Path of the kind that an Event names; of kinds that the cluster's own groups do not have nobody knows the plural. */
function pathOf(apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  if (kind === '' || (group.includes('.') && !group.endsWith('.k8s.io'))) return undefined;
  const resource = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
  return formatKindPath({ group, version: apiVersion.slice(slash + 1), resource });
}
