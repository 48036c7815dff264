import type { KubeObject } from '@krateyard/kube/meta/object';
import { MASTERS, type UserInfo } from '../api/user.ts';
import type { Collection } from '../store/collection.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { ruleAllows, type AccessAttributes, type PolicyRule } from './rbac-rules.ts';

export interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Grant {
  readonly rule: PolicyRule;
  /** By what, in Kubernetes' words: `RoleBinding "b/ns" of Role "r" to User "u"`. */
  readonly source: string;
}

/** Rules by who has them: `user:alice`, `group:team-a`. */
type Grants = Map<string, Grant[]>;

const KEYS = {
  roles: 'roles.rbac.authorization.k8s.io',
  clusterRoles: 'clusterroles.rbac.authorization.k8s.io',
  bindings: 'rolebindings.rbac.authorization.k8s.io',
  clusterBindings: 'clusterrolebindings.rbac.authorization.k8s.io',
} as const;

/** Role-based access control as the objects in the store have it at this moment. */
export class RbacAuthorizer {
  readonly #roles: Collection;
  readonly #clusterRoles: Collection;
  readonly #bindings: Collection;
  readonly #clusterBindings: Collection;
  /** By namespace; '' holds what is granted everywhere. Rebuilt when any of the four collections has changed. */
  #grants = new Map<string, Grants>();
  #builtFrom = '';

  constructor(store: ObjectStore) {
    this.#roles = store.collection(KEYS.roles);
    this.#clusterRoles = store.collection(KEYS.clusterRoles);
    this.#bindings = store.collection(KEYS.bindings);
    this.#clusterBindings = store.collection(KEYS.clusterBindings);
  }

  allows(user: UserInfo, access: AccessAttributes): boolean {
    return this.reasonFor(user, access) !== undefined;
  }

  /** Why the user may do it, '' for who may do everything; undefined where they may not. */
  reasonFor(user: UserInfo, access: AccessAttributes): string | undefined {
    if (user.groups.includes(MASTERS)) return '';
    const namespace = 'path' in access ? '' : (access.namespace ?? '');
    for (const scope of this.#scopesOf(namespace)) {
      const grant = this.#grantIn(scope, user, access);
      if (grant) return `RBAC: allowed by ${grant.source}`;
    }
    return undefined;
  }

  /** The rules of the role that a binding in `namespace` names. */
  rulesOfRole(ref: RoleRef, namespace: string): readonly PolicyRule[] {
    return this.#rulesOf(ref, namespace);
  }

  /** Every rule that the user has in a namespace, for `SelfSubjectRulesReview`. */
  rulesOf(user: UserInfo, namespace: string): PolicyRule[] {
    const rules: PolicyRule[] = user.groups.includes(MASTERS)
      ? [
          { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
          { verbs: ['*'], nonResourceURLs: ['*'] },
        ]
      : [];
    for (const scope of this.#scopesOf(namespace))
      for (const subject of subjectsOf(user))
        rules.push(...(this.#in(scope).get(subject) ?? []).map(({ rule }) => rule));
    return rules;
  }

  #scopesOf(namespace: string): string[] {
    return namespace === '' ? [''] : ['', namespace];
  }

  #grantIn(scope: string, user: UserInfo, access: AccessAttributes): Grant | undefined {
    const grants = this.#in(scope);
    for (const subject of subjectsOf(user)) {
      const found = grants.get(subject)?.find(({ rule }) => ruleAllows(rule, access));
      if (found) return found;
    }
    return undefined;
  }

  #in(scope: string): Grants {
    const state = [this.#roles, this.#clusterRoles, this.#bindings, this.#clusterBindings]
      .map((collection) => collection.lastRevision)
      .join();
    if (state !== this.#builtFrom) {
      this.#grants.clear();
      this.#builtFrom = state;
    }
    let grants = this.#grants.get(scope);
    if (!grants) this.#grants.set(scope, (grants = this.#build(scope)));
    return grants;
  }

  #build(scope: string): Grants {
    const grants: Grants = new Map();
    const bindings = scope === '' ? this.#clusterBindings.list() : this.#bindings.list(scope);
    for (const { object } of bindings) {
      const ref = object['roleRef'] as RoleRef;
      const rules = this.#rulesOf(ref, scope);
      for (const subject of (object['subjects'] ?? []) as Subject[]) {
        const source = `${sourceOf(object, scope)} of ${ref.kind} "${ref.name}" to ${subjectText(subject, scope)}`;
        const key = keyOf(subject, scope);
        const known = grants.get(key) ?? [];
        for (const rule of rules) known.push({ rule, source });
        grants.set(key, known);
      }
    }
    return grants;
  }

  #rulesOf(ref: RoleRef, namespace: string): readonly PolicyRule[] {
    const role =
      ref.kind === 'ClusterRole'
        ? this.#clusterRoles.get(ref.name)
        : this.#roles.get(`${namespace}/${ref.name}`);
    return rulesIn(role?.object);
  }
}

function rulesIn(role: KubeObject | undefined): readonly PolicyRule[] {
  return (role?.['rules'] as PolicyRule[] | undefined) ?? [];
}

function subjectsOf(user: UserInfo): string[] {
  return [`user:${user.username}`, ...user.groups.map((group) => `group:${group}`)];
}

function sourceOf({ metadata }: KubeObject, scope: string): string {
  return scope === '' ? `ClusterRoleBinding "${metadata.name}"` : `RoleBinding "${metadata.name}/${scope}"`;
}

function subjectText({ kind, name, namespace }: Subject, scope: string): string {
  return kind === 'ServiceAccount' ? `ServiceAccount "${name}/${namespace ?? scope}"` : `${kind} "${name}"`;
}

function keyOf(subject: Subject, scope: string): string {
  if (subject.kind === 'ServiceAccount')
    return `user:system:serviceaccount:${subject.namespace ?? scope}:${subject.name}`;
  return `${subject.kind === 'Group' ? 'group' : 'user'}:${subject.name}`;
}
