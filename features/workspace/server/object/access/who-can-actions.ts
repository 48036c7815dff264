import type { Principal } from '@krateyard/auth/principal';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { listAt, textAt } from '../../../contract/columns/read.ts';
import {
  MAX_SUBJECTS,
  type AccessSubject,
  type Grant,
  type GrantPath,
  type WhoCan,
} from '../../../contract/who-can.ts';
import type { WorkspaceDeps } from '../../deps.ts';
import type { Target } from '../../resources/object-actions.ts';
import { visibleObjects, type VisibleObjects } from '../visible-objects.ts';
import { grantsOf, type RuleTarget } from './rbac-rules.ts';

type WhoCanDeps = Pick<WorkspaceDeps, 'access' | 'cache' | 'kinds' | 'logger'>;

const RBAC_KINDS = ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'] as const;
type RbacKind = (typeof RBAC_KINDS)[number];
type RbacObjects = Partial<Record<RbacKind, VisibleObjects>>;

/** Who may do what to an object, from the RBAC objects that `who` may read; says what it could not see. */
export async function whoCan(
  deps: WhoCanDeps,
  who: Principal,
  { kind, name, namespace }: Target,
  signal: AbortSignal,
): Promise<WhoCan> {
  const needed = RBAC_KINDS.filter((one) => namespace !== undefined || one.startsWith('cluster'));
  const found = await Promise.all(needed.map((one) => look(deps, who, one, namespace, signal)));
  const seen: RbacObjects = Object.fromEntries(needed.map((one, index) => [one, found[index]]));
  const { subjects, bindingsWithoutRole } = summed(seen, { gvr: kind, name }, namespace);
  return {
    subjects: subjects.slice(0, MAX_SUBJECTS),
    total: subjects.length,
    unseen: needed.filter((one) => !seen[one]),
    bindingsWithoutRole,
  };
}

async function look(
  { access, cache, kinds, logger }: WhoCanDeps,
  who: Principal,
  resource: RbacKind,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<VisibleObjects | undefined> {
  try {
    const gvr = { group: 'rbac.authorization.k8s.io', version: 'v1', resource };
    const kind = await kinds.find(formatGvr(gvr), signal);
    const at = resource.startsWith('cluster') ? undefined : namespace;
    return kind && (await visibleObjects({ access, cache }, who, kind, at, signal));
  } catch (err) {
    logger.debug('who can what is told without a kind', { part: resource, err });
    return undefined;
  }
}

interface Summed {
  readonly subjects: readonly AccessSubject[];
  readonly bindingsWithoutRole: number;
}

function summed(seen: RbacObjects, target: RuleTarget, namespace: string | undefined): Summed {
  const sums = new Map<string, MutableSubject>();
  let bindingsWithoutRole = 0;
  for (const { binding, kind } of bindingsOf(seen)) {
    const role = roleOf(seen, binding, namespace);
    if (!role) {
      bindingsWithoutRole += 1;
      continue;
    }
    const grants = grantsOf(listAt(role, 'rules'), target);
    if (grants.length === 0) continue;
    for (const subject of listAt(binding, 'subjects')) add(sums, subject, grants, pathOf(kind, binding));
  }
  const subjects = Array.from(sums.values(), ({ grants, ...rest }) => ({
    ...rest,
    grants: [...grants.values()],
  }));
  return { subjects: subjects.toSorted(byReach), bindingsWithoutRole };
}

function* bindingsOf(
  seen: RbacObjects,
): Iterable<{ binding: KubeObject; kind: GrantPath['binding']['kind'] }> {
  for (const binding of seen.rolebindings?.entries() ?? []) yield { binding, kind: 'RoleBinding' };
  for (const binding of seen.clusterrolebindings?.entries() ?? [])
    yield { binding, kind: 'ClusterRoleBinding' };
}

function roleOf(
  seen: RbacObjects,
  binding: KubeObject,
  namespace: string | undefined,
): KubeObject | undefined {
  const name = textAt(binding, 'roleRef', 'name') ?? '';
  return textAt(binding, 'roleRef', 'kind') === 'Role'
    ? seen.roles?.get(name, namespace)
    : seen.clusterroles?.get(name, undefined);
}

function pathOf(kind: GrantPath['binding']['kind'], binding: KubeObject): GrantPath {
  const { name = '', namespace } = binding.metadata;
  return {
    binding: { kind, name, ...(namespace !== undefined && { namespace }) },
    role: {
      kind: textAt(binding, 'roleRef', 'kind') === 'Role' ? 'Role' : 'ClusterRole',
      name: textAt(binding, 'roleRef', 'name') ?? '',
    },
  };
}

interface MutableSubject extends Omit<AccessSubject, 'grants' | 'via'> {
  readonly grants: Map<string, Grant>;
  readonly via: GrantPath[];
}

function add(
  sums: Map<string, MutableSubject>,
  subject: unknown,
  grants: readonly Grant[],
  path: GrantPath,
): void {
  const kind = textAt(subject, 'kind') ?? '';
  const name = textAt(subject, 'name') ?? '';
  const stated = textAt(subject, 'namespace') ?? path.binding.namespace;
  const namespace = kind === 'ServiceAccount' ? stated : undefined;
  const key = JSON.stringify([kind, namespace ?? '', name]);
  const sum = sums.get(key) ?? {
    kind,
    name,
    ...(namespace !== undefined && { namespace }),
    grants: new Map<string, Grant>(),
    via: [],
  };
  for (const grant of grants) sum.grants.set(`${grant.verb} ${grant.subresource ?? ''}`, grant);
  sum.via.push(path);
  sums.set(key, sum);
}

/** Those who may do most first; people and groups before the accounts of programs. */
function byReach(a: AccessSubject, b: AccessSubject): number {
  const rank = ({ kind, name }: AccessSubject): number =>
    (kind === 'ServiceAccount' ? 2 : 0) + (name.startsWith('system:') ? 1 : 0);
  return rank(a) - rank(b) || b.grants.length - a.grants.length || (a.name < b.name ? -1 : 1);
}
