import type { KubeObject } from '@krateyard/kube/meta/object';
import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import { StoredRevision } from '../store/stored-revision.ts';
import { deepFreeze } from '../store/json-value.ts';
import type { ResourceDefinition } from './resource-definition.ts';

const views = new WeakMap<StoredRevision, Map<string, StoredRevision>>();

/** A stored object in the version that was asked for. Made once for each revision and version. */
export function viewOf(definition: ResourceDefinition, stored: StoredRevision): StoredRevision {
  const { conversion } = definition;
  if (!conversion) return stored;
  const id = formatGroupVersion(definition);
  let known = views.get(stored);
  if (!known) views.set(stored, (known = new Map()));
  let view = known.get(id);
  if (!view) {
    view = new StoredRevision(stored.key, stored.revision, deepFreeze(conversion.fromStorage(stored.object)));
    known.set(id, view);
  }
  return view;
}

/** The object with `kind` and `apiVersion` first, in this version, as it is stored and sent. */
export function withTypeFirst(definition: ResourceDefinition, object: KubeObject): KubeObject {
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object;
  return { kind: definition.kind, apiVersion: formatGroupVersion(definition), metadata, ...rest };
}
