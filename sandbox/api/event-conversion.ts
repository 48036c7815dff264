import type { KubeObject } from '@krateyard/kube/meta/object';

/** Fields of `v1 Event` that `events.k8s.io/v1` names otherwise: [core, new]. */
const RENAMED = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;

/** An Event as `events.k8s.io/v1` shows it. */
export function convertFromCoreEvent(event: KubeObject): KubeObject {
  const renamed = new Map<string, string>(RENAMED);
  return rename(event, renamed, 'events.k8s.io/v1');
}

/** An Event of `events.k8s.io/v1` as it is stored. */
export function convertToCoreEvent(event: KubeObject): KubeObject {
  const renamed = new Map<string, string>(RENAMED.map(([core, newer]) => [newer, core]));
  return rename(event, renamed, 'v1');
}

function rename(event: KubeObject, names: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
  const { kind, metadata, ...rest } = event;
  const fields = Object.entries(rest).map(([name, value]) => [names.get(name) ?? name, value]);
  return { kind: kind ?? 'Event', metadata, ...Object.fromEntries(fields), apiVersion } as KubeObject;
}
