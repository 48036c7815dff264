import type { Admission } from '../api/admission.ts';
import { forbidden } from '../api/api-errors.ts';
import { MASTERS, type UserInfo } from '../api/user.ts';
import type { ResourceDefinition } from '../api/resource-definition.ts';
import { equalJson } from '../store/json-value.ts';
import type { RbacAuthorizer, RoleRef } from './rbac-authorizer.ts';
import { ruleAllows, type AccessAttributes, type PolicyRule } from './rbac-rules.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Nobody gives rights that they do not have, unless they may `escalate` roles or `bind` them. */
export function escalationAdmission(authorizer: RbacAuthorizer): Admission {
  return ({ operation, definition, namespace, name, user, object, old }) => {
    if (operation === 'DELETE' || definition.group !== GROUP || !object) return;
    if (user.groups.includes(MASTERS)) return;
    const isBinding = definition.resource.endsWith('bindings');
    const access = { group: GROUP, resource: definition.resource, namespace, name };
    if (isBinding) {
      const ref = object['roleRef'] as RoleRef;
      const resource = ref.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
      if (authorizer.allows(user, { verb: 'bind', group: GROUP, resource, namespace, name: ref.name }))
        return;
      refuseUnheld(authorizer, definition, { namespace, name }, user, authorizer.rulesOfRole(ref, namespace));
    } else {
      if (authorizer.allows(user, { ...access, verb: 'escalate' })) return;
      const rules = (object['rules'] ?? []) as PolicyRule[];
      if (old && equalJson(old['rules'], rules)) return;
      refuseUnheld(authorizer, definition, { namespace, name }, user, rules);
    }
  };
}

function refuseUnheld(
  authorizer: RbacAuthorizer,
  definition: ResourceDefinition,
  at: { namespace: string; name: string },
  user: UserInfo,
  wanted: readonly PolicyRule[],
): void {
  const held = authorizer.rulesOf(user, at.namespace);
  const missing = wanted.filter(
    (rule) => !singleRights(rule).every((right) => held.some((own) => ruleAllows(own, right))),
  );
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  throw forbidden(
    definition,
    at.name,
    `user "${user.username}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${missing.map(describe).join('\n')}`,
  );
}

/** A rule taken apart into rights that a rule either covers or does not. */
function singleRights(rule: PolicyRule): AccessAttributes[] {
  const paths = rule.verbs.flatMap((verb) => (rule.nonResourceURLs ?? []).map((path) => ({ verb, path })));
  const names = rule.resourceNames && rule.resourceNames.length > 0 ? rule.resourceNames : [''];
  const resources = rule.verbs.flatMap((verb) =>
    (rule.apiGroups ?? []).flatMap((group) =>
      (rule.resources ?? []).flatMap((full) =>
        names.map((name) => {
          const [resource = '', subresource] = full.split('/', 2);
          return { verb, group, resource, subresource, name };
        }),
      ),
    ),
  );
  return [...paths, ...resources];
}

function describe({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    ResourceNames: resourceNames,
    NonResourceURLs: nonResourceURLs,
    Verbs: verbs,
  };
  const shown = Object.entries(parts)
    .filter(([, values]) => values !== undefined && values.length > 0)
    .map(([name, values]) => `${name}:[${values!.map((value) => JSON.stringify(value)).join(', ')}]`);
  return `{${shown.join(', ')}}`;
}
