import type { Principal } from '@krateyard/auth/principal';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr, parseGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { columnsOf } from '../../../contract/columns.ts';
import { formatKindPath } from '../../../contract/kind-path.ts';
import {
  MAX_RELATED,
  type Related,
  type Relation,
  type RelationGroup,
  type RelationList,
} from '../../../contract/relations.ts';
import type { StatusCell } from '../../../contract/status-word.ts';
import type { WorkspaceDeps } from '../../deps.ts';
import type { Target } from '../../resources/object-actions.ts';
import { visibleObjects, type VisibleObjects } from '../visible-objects.ts';
import { childKinds } from './children.ts';
import type { Edge, Reference } from './edge.ts';
import { EDGES } from './edges.ts';

type RelationDeps = Pick<WorkspaceDeps, 'access' | 'actingAs' | 'cache' | 'kinds' | 'logger'>;

/** What one request looks at: each kind is looked up once. */
interface Looking {
  readonly deps: RelationDeps;
  readonly who: Principal;
  readonly target: Target;
  readonly object: KubeObject;
  readonly all: readonly ResourceKind[];
  readonly signal: AbortSignal;
  readonly seen: Map<string, Promise<VisibleObjects | undefined>>;
}

interface Found {
  readonly relation: Relation;
  readonly direction: 'to' | 'from';
  readonly kind: ResourceKind;
  /** Undefined: this person may not look at the kind. */
  readonly items: readonly Related[] | undefined;
}

/**
 * The relations of one object. It is read as the person first, so the API server decides whether they may ask; what it names
 * is told, and whether that exists only where they may see it. Everything else comes from the cache, as far as they may.
 */
export async function relationsOf(
  deps: RelationDeps,
  who: Principal,
  target: Target,
  signal: AbortSignal,
): Promise<RelationList> {
  const { kind, name, namespace } = target;
  const [object, all] = await Promise.all([
    deps.actingAs(who).get(kind, name, namespace, { signal }),
    deps.kinds.all(signal),
  ]);
  const looking: Looking = { deps, who, target, object, all, signal, seen: new Map() };
  const gvr = formatGvr(kind);
  const found = await Promise.all([
    ownersOf(looking),
    childrenOf(looking),
    ...EDGES.map((edge) => alongEdge(looking, edge, gvr)),
  ]);
  return listed(found.flat());
}

function listed(found: readonly Found[]): RelationList {
  const unseen = new Map<string, { path: string; kind: string }>();
  const groups: RelationGroup[] = [];
  for (const { relation, direction, kind, items } of found) {
    const path = formatKindPath(kind);
    if (!items) unseen.set(path, { path, kind: kind.kind });
    else if (items.length > 0) {
      groups.push({
        relation,
        direction,
        kind: { path, kind: kind.kind, namespaced: kind.namespaced },
        items: items.slice(0, MAX_RELATED),
        total: items.length,
      });
    }
  }
  return { groups, unseen: [...unseen.values()] };
}

async function alongEdge(looking: Looking, edge: Edge, gvr: string): Promise<readonly Found[]> {
  const [forward, backward] = await Promise.all([
    edge.from === gvr ? forwards(looking, edge) : [],
    edge.to === gvr ? backwards(looking, edge) : [],
  ]);
  return [...forward, ...backward];
}

async function forwards(looking: Looking, edge: Edge): Promise<readonly Found[]> {
  const kind = kindOf(looking, edge.to);
  if (!kind) return [];
  const { object, target } = looking;
  const at = { relation: edge.relation, direction: 'to', kind } as const;
  if ('names' in edge) {
    const references = edge.names(object);
    if (references.length === 0) return [];
    return [{ ...at, items: await existing(looking, kind, references) }];
  }
  const chosen = edge.chooses(object);
  if (!chosen) return [];
  const seen = await look(looking, kind, target.namespace);
  const items = seen && seen.entries();
  return [{ ...at, items: items && related(kind, Array.from(items).filter(chosen)) }];
}

/** Every object of the other end whose edge leads here. */
async function backwards(looking: Looking, edge: Edge): Promise<readonly Found[]> {
  const kind = kindOf(looking, edge.from);
  if (!kind) return [];
  const { object, target } = looking;
  const seen = await look(looking, kind, edge.across ? undefined : target.namespace);
  if (!seen) return [{ relation: edge.relation, direction: 'from', kind, items: undefined }];
  const items: Related[] = [];
  for (const other of seen.entries()) {
    const as = leadsTo(edge, other, object, target.kind.namespaced);
    if (as !== undefined) items.push(relatedOf(kind, other, as));
  }
  return [{ relation: edge.relation, direction: 'from', kind, items: inOrder(items) }];
}

/** How `other` bears on `object` ('' where there is no word for it), or undefined. */
function leadsTo(edge: Edge, other: KubeObject, object: KubeObject, namespaced: boolean): string | undefined {
  if ('chooses' in edge) return edge.chooses(other)?.(object) ? '' : undefined;
  const found = edge
    .names(other)
    .find(
      ({ name, namespace }) =>
        name === object.metadata.name &&
        (!namespaced || (namespace ?? other.metadata.namespace) === object.metadata.namespace),
    );
  return found && (found.as ?? '');
}

async function ownersOf(looking: Looking): Promise<readonly Found[]> {
  const owners = looking.object.metadata.ownerReferences ?? [];
  const byKind = Map.groupBy(owners, ({ apiVersion, kind }) => ownerKind(looking, apiVersion, kind));
  return Promise.all(
    Array.from(
      byKind,
      async ([kind, references]): Promise<Found | undefined> =>
        kind && {
          relation: 'owns',
          direction: 'from',
          kind,
          items: await existing(looking, kind, references),
        },
    ),
  ).then((found) => found.filter((one) => one !== undefined));
}

/** By group and kind: the owner may be written in a version that is served no more. */
function ownerKind({ all }: Looking, apiVersion: string, kind: string): ResourceKind | undefined {
  const { group, version } = parseGroupVersion(apiVersion);
  const same = all.filter((one) => one.group === group && one.kind === kind);
  return same.find((one) => one.version === version) ?? same[0];
}

async function childrenOf(looking: Looking): Promise<readonly Found[]> {
  const { object, target, all } = looking;
  const { uid } = object.metadata;
  return Promise.all(
    childKinds(target.kind, all)
      .map((gvr) => kindOf(looking, gvr))
      .filter((kind) => kind !== undefined)
      .map(async (kind): Promise<Found> => {
        const seen = await look(looking, kind, target.namespace);
        const mine = (child: KubeObject): boolean =>
          uid !== undefined && (child.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
        const items = seen && related(kind, Array.from(seen.entries()).filter(mine));
        return { relation: 'owns', direction: 'to', kind, items };
      }),
  );
}

/** What is named, and whether it is there as far as this person may know. */
async function existing(
  looking: Looking,
  kind: ResourceKind,
  references: readonly Reference[],
): Promise<readonly Related[]> {
  const within = (reference: Reference): string | undefined =>
    kind.namespaced ? (reference.namespace ?? looking.target.namespace) : undefined;
  return Promise.all(
    references.map(async (reference): Promise<Related> => {
      const namespace = within(reference);
      const { name, as } = reference;
      const seen = await look(looking, kind, namespace);
      const at = { name, ...(namespace !== undefined && { namespace }), ...(as !== undefined && { as }) };
      if (!seen?.covers(namespace)) return { ...at, state: 'unseen' };
      const found = seen.get(name, namespace);
      return found ? relatedOf(kind, found, as ?? '') : { ...at, state: 'missing' };
    }),
  );
}

function kindOf({ all }: Looking, gvr: string): ResourceKind | undefined {
  return all.find((kind) => formatGvr(kind) === gvr);
}

function look(
  looking: Looking,
  kind: ResourceKind,
  namespace: string | undefined,
): Promise<VisibleObjects | undefined> {
  const key = `${formatGvr(kind)} ${namespace ?? ''}`;
  const known = looking.seen.get(key);
  if (known) return known;
  const { deps, who, signal } = looking;
  const asked = visibleObjects(deps, who, kind, namespace, signal).catch((err: unknown) => {
    deps.logger.debug('relations of this kind are left out', { part: formatGvr(kind), err });
    return undefined;
  });
  looking.seen.set(key, asked);
  return asked;
}

function related(kind: ResourceKind, objects: readonly KubeObject[]): readonly Related[] {
  return inOrder(objects.map((object) => relatedOf(kind, object, '')));
}

const RANK = { Failed: 0, Pending: 1, Unknown: 2, Running: 3, Stopped: 4 } as const;

/** What needs somebody first, so that it is among those that are named. */
function inOrder(items: readonly Related[]): readonly Related[] {
  const rank = ({ status }: Related): number => (status ? RANK[status.word] : 3);
  return items.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function relatedOf(kind: ResourceKind, object: KubeObject, as: string): Related {
  const { name = '', namespace } = object.metadata;
  const status = statusOf(kind, object);
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    state: 'present',
    ...(status && { status }),
    ...(as !== '' && { as }),
  };
}

function statusOf(kind: ResourceKind, object: KubeObject): StatusCell | undefined {
  try {
    const cell = columnsOf(kind)
      .find(({ type }) => type === 'status')
      ?.value(object);
    return typeof cell === 'object' && cell !== null ? cell : undefined;
  } catch {
    return undefined;
  }
}
