/** The name of a kind: what stands in an object's `apiVersion` and `kind`. The core group is ''. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The name of a collection in the API's paths. The core group is ''. */
export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** `apps/v1` or, for the core group, `v1`. */
export function formatGroupVersion(gv: { group: string; version: string }): string {
  return gv.group === '' ? gv.version : `${gv.group}/${gv.version}`;
}

/** Reads `apps/v1` or `v1`. */
export function parseGroupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash === -1
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** `apps/v1/deployments`, `v1/pods`: a stable key for maps, metrics and logs. */
export function formatGvr(gvr: GroupVersionResource): string {
  return `${formatGroupVersion(gvr)}/${gvr.resource}`;
}

/** The path of a collection, or of one object in it: `/apis/apps/v1/namespaces/a/deployments/b/scale`. */
export function resourcePath(
  gvr: GroupVersionResource,
  at: { namespace?: string | undefined; name?: string | undefined; subresource?: string | undefined } = {},
): string {
  const root = gvr.group === '' ? `/api/${gvr.version}` : `/apis/${gvr.group}/${gvr.version}`;
  const namespace = at.namespace ? `/namespaces/${encodeURIComponent(at.namespace)}` : '';
  const name = at.name === undefined ? '' : `/${encodeURIComponent(at.name)}`;
  const subresource = at.subresource ? `/${at.subresource}` : '';
  return `${root}${namespace}/${gvr.resource}${name}${subresource}`;
}
