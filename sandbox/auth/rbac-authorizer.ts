import type { KubeObject } from '@krateyard/kube/meta/object';
import { MASTERS, type UserInfo } from '../api/user.ts';
import type { Collection } from '../store/collection.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { ruleAllows, type AccessAttributes, type PolicyRule } from './rbac-rules.ts';

interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Rules by who has them: `user:alice`, `group:team-a`. */
type Grants = Map<string, PolicyRule[]>;

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
    if (user.groups.includes(MASTERS)) return true;
    const namespace = 'path' in access ? '' : (access.namespace ?? '');
    return this.#scopesOf(namespace).some((scope) => this.#allowsIn(scope, user, access));
  }

  /** Every rule that the user has in a namespace, for `SelfSubjectRulesReview`. */
  rulesOf(user: UserInfo, namespace: string): PolicyRule[] {
    const rules = user.groups.includes(MASTERS)
      ? [
          { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
          { verbs: ['*'], nonResourceURLs: ['*'] },
        ]
      : [];
    for (const scope of this.#scopesOf(namespace))
      for (const subject of subjectsOf(user))
        rules.push(...((this.#in(scope).get(subject) ?? []) as typeof rules));
    return rules;
  }

  #scopesOf(namespace: string): string[] {
    return namespace === '' ? [''] : ['', namespace];
  }

  #allowsIn(scope: string, user: UserInfo, access: AccessAttributes): boolean {
    const grants = this.#in(scope);
    return subjectsOf(user).some(
      (subject) => grants.get(subject)?.some((rule) => ruleAllows(rule, access)) === true,
    );
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
      const rules = this.#rulesOf(object['roleRef'] as RoleRef, scope);
      for (const subject of (object['subjects'] ?? []) as Subject[]) {
        const key = keyOf(subject, scope);
        const known = grants.get(key);
        if (known) known.push(...rules);
        else grants.set(key, [...rules]);
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

export function rulesIn(role: KubeObject | undefined): readonly PolicyRule[] {
  return (role?.['rules'] as PolicyRule[] | undefined) ?? [];
}

function subjectsOf(user: UserInfo): string[] {
  return [`user:${user.username}`, ...user.groups.map((group) => `group:${group}`)];
}

function keyOf(subject: Subject, scope: string): string {
  if (subject.kind === 'ServiceAccount')
    return `user:system:serviceaccount:${subject.namespace ?? scope}:${subject.name}`;
  return `${subject.kind === 'Group' ? 'group' : 'user'}:${subject.name}`;
}
