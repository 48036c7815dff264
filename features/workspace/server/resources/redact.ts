import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function isSecret(gvr: GroupVersionResource): boolean {
  return gvr.group === '' && gvr.resource === 'secrets';
}

/**
 * An object read or written in full, as it may leave: without managedFields, a Secret without its values. Their sizes stand in
 * `dataSizes`, as in the cache's projections.
 */
export function presentable(gvr: GroupVersionResource, object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return isSecret(gvr) ? withoutValues({ ...object, metadata }) : { ...object, metadata };
}

/** A Secret as a client may send it back: what only we put there is gone. */
export function withoutSizes(gvr: GroupVersionResource, object: KubeObject): KubeObject {
  if (!isSecret(gvr)) return object;
  const { dataSizes: _, ...rest } = object;
  return rest as KubeObject;
}

function withoutValues(secret: KubeObject): KubeObject {
  const { data, stringData, ...rest } = secret;
  const { [LAST_APPLIED]: _, ...annotations } = rest.metadata.annotations ?? {};
  const dataSizes: Record<string, number> = {};
  for (const [key, value] of Object.entries(fields(data)))
    dataSizes[key] = Buffer.from(text(value), 'base64').length;
  for (const [key, value] of Object.entries(fields(stringData)))
    dataSizes[key] = Buffer.byteLength(text(value));
  const metadata = rest.metadata.annotations ? { ...rest.metadata, annotations } : rest.metadata;
  return { ...rest, metadata, dataSizes };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
