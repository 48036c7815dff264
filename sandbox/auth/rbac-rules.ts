/** `rbac.authorization.k8s.io/v1 PolicyRule`. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** What somebody wants to do, as authorizers see it. */
export type AccessAttributes = ResourceAccess | PathAccess;

export interface ResourceAccess {
  readonly verb: string;
  readonly group: string;
  readonly version?: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
  /** '' or absent: all namespaces, or a cluster-scoped resource. */
  readonly namespace?: string | undefined;
  /** '' or absent: no one object in particular. */
  readonly name?: string | undefined;
}

export interface PathAccess {
  readonly verb: string;
  readonly path: string;
}

export function ruleAllows(rule: PolicyRule, access: AccessAttributes): boolean {
  if (!has(rule.verbs, access.verb)) return false;
  if ('path' in access)
    return (rule.nonResourceURLs ?? []).some((pattern) => coversPath(pattern, access.path));
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, access.group) &&
    coversResource(rule.resources ?? [], access) &&
    (names.length === 0 || names.includes(access.name ?? ''))
  );
}

/** `pods` does not cover `pods/log`; `*` covers all, a star before the slash that part of every resource. */
function coversResource(resources: readonly string[], { resource, subresource }: ResourceAccess): boolean {
  const full = (subresource ?? '') === '' ? resource : `${resource}/${subresource}`;
  return resources.some(
    (granted) =>
      granted === '*' || granted === full || ((subresource ?? '') !== '' && granted === `*/${subresource}`),
  );
}

function coversPath(pattern: string, path: string): boolean {
  return (
    pattern === path || pattern === '*' || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)))
  );
}

const has = (granted: readonly string[] | undefined, wanted: string): boolean =>
  granted?.some((one) => one === '*' || one === wanted) === true;
